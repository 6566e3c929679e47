"""Long captions of Premium users: the file and the whole text arrive, in both directions."""

from typing import Any

import pytest

from holdline.desk.conversation.corrections import apply_manager_edit
from holdline.desk.conversation.incoming import apply_customer_edit, receive_customer_message
from holdline.desk.conversation.removals import undo_message
from holdline.desk.conversation.replies import Origin, write_in_dialog
from holdline.dialogs.message import Content, Message
from holdline.dialogs.text.limits import length
from holdline.screens.render import render
from holdline.store.engines.migrate import list_migrations, statements
from holdline.telegram.call import Call
from holdline.telegram.outcomes import Sent
from tests.scheduler.conftest import ANNA, Bench, opened, sent, to_anna

LONG = "Order details. " + "word 🎁 " * 300 + "LASTWORD"
HEAD = "👤 Anna · id 510000001"
AT = length(LONG) - length("LASTWORD")
BOLD = {"type": "bold", "offset": AT, "length": 8}


def photo(number: int, text: str = "", *, chat: int = ANNA.telegram_id, **more: Any) -> Content:
    data = {"file_id": f"F{number}", "file_unique_id": f"U{number}", **more.pop("data", {})}
    return Content("photo", text, data=data, chat_id=chat, tg_message_id=number, **more)


def words_in(calls: list[Call]) -> str:
    """Texts and captions, in the order in which they leave."""
    found = []
    for call in calls:
        captions = [medium.get("caption", "") for medium in call.params.get("media", [])]
        found.append(call.params.get("text") or call.params.get("caption") or "".join(captions))
    return "".join(found)


def shown(calls: list[Call]) -> list[Call]:
    return [
        call for call in calls if call.method in {"copyMessage", "sendPhoto", "sendMediaGroup", "sendMessage"}
    ]


async def replied(bench: Bench, content: Content, number: int = 77) -> Message:
    dialog = await opened(bench)
    origin = Origin(chat_id=bench.maria.telegram_id, tg_message_id=number)
    where = {"manager": bench.maria, "dialog_id": dialog.id, "origin": origin}
    return await bench.store.act(write_in_dialog, content=content, **where)


async def test_a_customers_long_caption_is_shown_whole(bench: Bench) -> None:
    """As a card of the Inbox, and in a dialog."""
    for number in (5, 6):
        content = photo(number, LONG, entities=(BOLD,))
        await bench.store.act(receive_customer_message, sender=ANNA, content=content)
        calls = [call for call in shown(await sent(bench)) if "word" in words_in([call])]
        assert words_in(calls) == LONG
        assert [call.method for call in calls] == ["copyMessage", "sendMessage", "sendMessage"][: len(calls)]
        assert length(calls[0].params["caption"]) <= 1024
        assert calls[1].params["reply_parameters"]["message_id"]
        marks = [(call, mark) for call in calls[1:] for mark in call.params.get("entities", [])]
        (last, mark), *none = marks
        raw = last.params["text"].encode("utf-16-le")
        assert raw[2 * mark["offset"] :][: 2 * mark["length"]].decode("utf-16-le") == "LASTWORD" and not none
        await opened(bench) if number == 5 else None


@pytest.mark.parametrize("data", [{}, {"protected": True}])
async def test_a_managers_long_caption_reaches_the_customer_whole(bench: Bench, data: dict[str, Any]) -> None:
    message = await replied(bench, photo(77, LONG, chat=bench.maria.telegram_id, data=data))
    (first,) = [begun for begun in await bench.begin(render=render) if begun.chat_id == ANNA.telegram_id]
    await bench.settle(first)
    row = await bench.one("SELECT status FROM messages WHERE id = :id", id=message.id)
    assert row["status"] == "queued", "its end is on its way"
    rest = await to_anna(bench)
    assert words_in([first.call, *rest]) == LONG
    row = await bench.one("SELECT status FROM messages WHERE id = :id", id=message.id)
    assert row["status"] == "sent"


@pytest.mark.parametrize("long_at", [0, 2])
async def test_a_customers_album_with_a_long_caption_is_shown_whole(bench: Bench, long_at: int) -> None:
    for number in range(3):
        content = photo(10 + number, LONG if number == long_at else "", album_id="a")
        await bench.store.act(receive_customer_message, sender=ANNA, content=content)
    calls = shown(await sent(bench))
    (album,) = [call for call in calls if call.method == "sendMediaGroup"]
    assert [medium["media"] for medium in album.params["media"]] == ["F10", "F11", "F12"]
    assert all(length(medium.get("caption", "")) <= 1024 for medium in album.params["media"])
    captions = [medium.get("caption", "").removeprefix(HEAD) for medium in album.params["media"]]
    assert "".join(captions) + words_in(calls[calls.index(album) + 1 :]) == LONG


async def test_a_managers_album_with_a_long_caption_arrives_whole(bench: Bench) -> None:
    dialog = await opened(bench)
    for number in range(2):
        content = photo(77 + number, "" if number else LONG, chat=bench.maria.telegram_id, album_id="a")
        where = {"origin": Origin(content.chat_id or 0, 77 + number), "dialog_id": dialog.id}
        await bench.store.act(write_in_dialog, manager=bench.maria, content=content, **where)
    calls = await to_anna(bench)
    assert calls[0].method == "sendMediaGroup" and words_in(calls) == LONG
    statuses = await bench.all("SELECT status FROM messages WHERE author_kind = 'manager'")
    assert [row["status"] for row in statuses] == ["sent", "sent"]


async def test_a_caption_grows_and_shrinks_with_its_edits(bench: Bench) -> None:
    place = bench.maria.telegram_id
    await replied(bench, photo(77, "short", chat=place))
    await sent(bench)
    await bench.store.act(apply_manager_edit, manager=bench.maria, content=photo(77, LONG, chat=place))
    calls = await to_anna(bench)
    assert calls[0].method == "editMessageCaption" and words_in(calls) == LONG
    await bench.store.act(apply_manager_edit, manager=bench.maria, content=photo(77, "short", chat=place))
    calls = await to_anna(bench)
    assert sorted({call.method for call in calls}) == ["deleteMessage", "editMessageCaption"]


async def test_a_customers_caption_grows_at_the_desk(bench: Bench) -> None:
    await bench.store.act(receive_customer_message, sender=ANNA, content=photo(5, "short"))
    await sent(bench)
    await bench.store.act(apply_customer_edit, sender=ANNA, content=photo(5, LONG))
    calls = [call for call in await sent(bench) if "word" in words_in([call])]
    assert words_in(calls) == LONG


async def test_a_message_with_a_long_caption_is_removed_completely(bench: Bench) -> None:
    message = await replied(bench, photo(77, LONG, chat=bench.maria.telegram_id))
    arrived = await to_anna(bench, seconds=4)
    await bench.store.act(undo_message, manager=bench.maria, message_id=message.id)
    assert [call.method for call in await to_anna(bench)] == ["deleteMessage"] * len(arrived)


async def test_a_message_removed_in_flight_gets_no_further_parts(bench: Bench) -> None:
    dialog = await opened(bench)
    for number in range(2):
        content = photo(77 + number, LONG, chat=bench.maria.telegram_id, album_id="a")
        where = {"origin": Origin(content.chat_id or 0, 77 + number), "dialog_id": dialog.id}
        message = await bench.store.act(write_in_dialog, manager=bench.maria, content=content, **where)
    bench.clock.advance(1)
    (album,) = [begun for begun in await bench.begin(render=render) if begun.chat_id == ANNA.telegram_id]
    await bench.store.act(undo_message, manager=bench.maria, message_id=message.id)
    await bench.settle(album, Sent([{"message_id": 9001}, {"message_id": 9002}]))
    assert {call.method for call in await to_anna(bench)} == {"deleteMessage"}


async def test_a_caption_that_an_earlier_version_accepted_is_sent_whole(bench: Bench) -> None:
    """Its row counted one part; the migration lets it forget that."""
    await replied(bench, photo(77, LONG, chat=bench.maria.telegram_id))

    def as_before(tx: Any) -> None:
        tx.run("DELETE FROM outbox WHERE kind = 'message' AND key NOT LIKE 'message:%:0'")
        tx.run("""UPDATE outbox SET payload_json = '{"part": 0, "parts": 1}' WHERE kind = 'message'""")
        (step,) = [step for step in list_migrations("sqlite") if step.version == 20]
        for statement in statements(step.sql):
            tx.run(statement)

    await bench.store.act(as_before)
    assert words_in(await to_anna(bench)) == LONG


async def test_remaining_parts_of_a_caption_come_before_later_messages(bench: Bench) -> None:
    dialog = await opened(bench)
    where = {"manager": bench.maria, "dialog_id": dialog.id}
    mine = {"chat": bench.maria.telegram_id}
    origin = Origin(chat_id=bench.maria.telegram_id, tg_message_id=77)
    await bench.store.act(write_in_dialog, content=photo(77, LONG, **mine), origin=origin, **where)
    await bench.store.act(write_in_dialog, content=Content("text", "Later words"), **where)

    def as_before(tx: Any) -> None:
        tx.run("DELETE FROM outbox WHERE kind = 'message' AND payload_json LIKE '%\"part\":1%'")
        tx.run("""UPDATE outbox SET payload_json = '{"part": 0, "parts": 1}' WHERE kind = 'message'""")
        (step,) = [step for step in list_migrations("sqlite") if step.version == 20]
        for statement in statements(step.sql):
            tx.run(statement)

    await bench.store.act(as_before)
    assert words_in(await to_anna(bench)) == LONG + "Later words"
