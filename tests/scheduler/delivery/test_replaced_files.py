"""A file that is replaced by an edit, and a live location that moves, reach the other side."""

from typing import Any

import pytest

from holdline.desk.conversation.corrections import apply_manager_edit
from holdline.desk.conversation.incoming import apply_customer_edit, receive_customer_message
from holdline.desk.conversation.replies import Origin, write_in_dialog
from holdline.desk.dialogs.transitions import close_dialog
from holdline.dialogs.closing import Closing
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.message import Content
from holdline.screens.render import render
from holdline.telegram.call import Call
from holdline.telegram.outcomes import Action
from tests.bot.staging import problems
from tests.scheduler.conftest import ANNA, Bench, no, opened, sent, to_anna

EDITED = {"editMessageMedia", "editMessageCaption", "editMessageText", "editMessageLiveLocation"}
SENT = {"copyMessage", "sendMessage", "sendLocation"}


def file(name: str, text: str = "", *, kind: str = "photo", number: int = 5, **more: Any) -> Content:
    data = {"file_id": f"F{name}", "file_unique_id": name, **more.pop("data", {})}
    if kind == "text":
        data = {}
    return Content(kind, text, data=data, chat_id=ANNA.telegram_id, tg_message_id=number, **more)


def spot(latitude: float, number: int = 5, *, chat: int = ANNA.telegram_id, live: bool = True) -> Content:
    data: dict[str, Any] = {
        "latitude": latitude,
        "longitude": 21.0,
        **({"live_period": 3600} if live else {}),
    }
    return Content("location", data=data, chat_id=chat, tg_message_id=number)


async def said(bench: Bench, content: Content) -> list[Call]:
    await bench.store.act(receive_customer_message, sender=ANNA, content=content)
    return await sent(bench)


async def edited(bench: Bench, content: Content, seconds: float = 60) -> list[Call]:
    await bench.store.act(apply_customer_edit, sender=ANNA, content=content)
    return checked(await sent(bench, seconds=seconds))


def checked(calls: list[Call]) -> list[Call]:
    assert [problem for call in calls for problem in problems(call)] == []
    return calls


async def replied(bench: Bench, content: Content) -> Dialog:
    dialog = await opened(bench)
    origin = Origin(chat_id=content.chat_id or 0, tg_message_id=content.tg_message_id or 0)
    where = {"manager": bench.maria, "dialog_id": dialog.id, "origin": origin}
    await bench.store.act(write_in_dialog, content=content, **where)
    return dialog


async def refused(bench: Bench, method: str) -> None:
    """The next edit is refused, everything else arrives."""
    for _ in range(20):
        for begun in await bench.begin(render=render):
            refusal = no(Action.GONE, "Bad Request: message can't be edited")
            await bench.settle(begun, refusal if begun.call.method == method else None)
            if begun.call.method == method:
                return
        bench.clock.advance(0.5)
    raise AssertionError(f"no {method}")


@pytest.mark.parametrize("words", ["", "My receipt", "Another caption"])
@pytest.mark.parametrize(
    "kinds", [("photo", "photo"), ("document", "document"), ("photo", "video"), ("text", "photo")]
)
async def test_a_customers_new_file_is_in_the_place_of_the_old(
    bench: Bench, kinds: tuple[str, str], words: str
) -> None:
    """Whether it stands in the Inbox or was said in a dialog."""
    await said(bench, file("v0", "My receipt", number=4))
    if words:
        await opened(bench)
    await said(bench, file("v1", "My receipt", kind=kinds[0]))
    calls = [call for call in await edited(bench, file("v2", words, kind=kinds[1])) if call.method in EDITED]
    assert [call.method for call in calls] == ["editMessageMedia"]
    for call in calls:
        assert (call.params["media"]["media"], call.params["media"]["type"]) == ("Fv2", kinds[1])
        assert call.params["media"]["caption"].endswith(words)
    entry = await bench.one("SELECT * FROM history WHERE kind = 'message_edited'")
    assert entry["data_json"]["replaced"]["kind"] == kinds[0]
    again = [
        call for call in await edited(bench, file("v2", "third", kind=kinds[1])) if call.method in EDITED
    ]
    assert {call.method for call in again} == {"editMessageMedia"}, "its copies had another file before"


async def test_a_managers_new_file_replaces_the_wrong_invoice(bench: Bench) -> None:
    chat = bench.maria.telegram_id
    wrong = Content(
        "document", "Invoice", data={"file_id": "A", "file_unique_id": "a"}, chat_id=chat, tg_message_id=77
    )
    right = Content(
        "document", "Invoice", data={"file_id": "B", "file_unique_id": "b"}, chat_id=chat, tg_message_id=77
    )
    await replied(bench, wrong)
    await sent(bench)
    assert await bench.store.act(apply_manager_edit, manager=bench.maria, content=right)
    (call,) = checked(await to_anna(bench))
    assert (call.method, call.params["media"]["media"]) == ("editMessageMedia", "B")


async def test_a_picture_of_an_album_is_replaced(bench: Bench) -> None:
    for number in (5, 6):
        await bench.store.act(
            receive_customer_message, sender=ANNA, content=file(f"v{number}", number=number, album_id="a")
        )
    await sent(bench)
    calls = [
        call for call in await edited(bench, file("new", number=6, album_id="a")) if call.method in EDITED
    ]
    assert [call.params["media"]["media"] for call in calls] == ["Fnew"]


async def test_a_file_that_cannot_be_replaced_is_sent_again_and_the_old_one_deleted(bench: Bench) -> None:
    """A live photo has no file that a bot could put there."""
    await said(bench, file("v1", "My receipt"))
    calls = await edited(bench, file("v2", "My receipt", data={"live": True}))
    methods = [call.method for call in calls if call.method in SENT | EDITED | {"deleteMessage"}]
    assert sorted(methods) == ["copyMessage", "deleteMessage"]


async def test_a_refused_replacement_is_sent_as_a_new_message(bench: Bench) -> None:
    chat = bench.maria.telegram_id
    await replied(
        bench,
        Content("document", data={"file_id": "A", "file_unique_id": "a"}, chat_id=chat, tg_message_id=77),
    )
    await sent(bench)
    right = Content("document", data={"file_id": "B", "file_unique_id": "b"}, chat_id=chat, tg_message_id=77)
    await bench.store.act(apply_manager_edit, manager=bench.maria, content=right)
    await refused(bench, "editMessageMedia")
    calls = await to_anna(bench)
    assert sorted(call.method for call in calls) == ["copyMessage", "deleteMessage"]
    await bench.store.act(apply_manager_edit, manager=bench.maria, content=right)
    assert await to_anna(bench) == [], "nothing has changed"


async def test_a_file_replaced_while_its_copy_is_in_flight_follows(bench: Bench) -> None:
    await bench.store.act(receive_customer_message, sender=ANNA, content=file("v1", "My receipt"))
    begun = await bench.begin(render=render)
    await bench.store.act(apply_customer_edit, sender=ANNA, content=file("v2", "My receipt"))
    for one in begun:
        await bench.settle(one)
    calls = [call for call in await sent(bench) if call.method in EDITED]
    assert [call.params["media"]["media"] for call in calls] == ["Fv2"]


async def test_a_live_location_of_a_customer_moves_at_the_desk(bench: Bench) -> None:
    """At once, then every few seconds the newest place: not every step."""
    calls = checked(await said(bench, spot(52.0)))
    assert [call.params["live_period"] for call in calls if call.method == "sendLocation"] == [3600]
    for step in range(1, 31):
        await bench.store.act(apply_customer_edit, sender=ANNA, content=spot(52 + step / 100))
        bench.clock.advance(0.1)
        if step == 1:
            first = checked(await sent(bench, seconds=2))
    assert [call.params["latitude"] for call in first if call.method in EDITED] == [52.01]
    later = [call for call in checked(await sent(bench)) if call.method in EDITED]
    assert [(call.method, call.params["latitude"]) for call in later] == [("editMessageLiveLocation", 52.3)]
    row = await bench.one("SELECT data_json FROM messages WHERE kind = 'location'")
    assert row["data_json"]["latitude"] == 52.3
    assert await bench.all("SELECT id FROM history WHERE kind = 'message_edited'") == []


async def test_a_live_location_that_cannot_be_moved_is_shown_where_it_is_now(bench: Bench) -> None:
    """An earlier version copied it, and a copy stands still."""
    await said(bench, spot(52.0))
    await bench.store.act(apply_customer_edit, sender=ANNA, content=spot(52.5))
    await refused(bench, "editMessageLiveLocation")
    calls = [call for call in await sent(bench) if call.method in {"sendLocation", "deleteMessage"}]
    assert sorted(call.method for call in calls) == ["deleteMessage", "sendLocation"]
    moved = [call for call in await edited(bench, spot(52.7)) if call.method in EDITED]
    assert [call.params["latitude"] for call in moved] == [52.7], "the new one moves"


async def test_a_managers_live_location_moves_until_the_dialog_ends(bench: Bench) -> None:
    chat = bench.maria.telegram_id
    dialog = await replied(bench, spot(52.0, 77, chat=chat))
    assert [call.method for call in checked(await to_anna(bench))] == ["sendLocation"]
    await bench.store.act(apply_manager_edit, manager=bench.maria, content=spot(52.1, 77, chat=chat))
    assert [call.method for call in await to_anna(bench)] == ["editMessageLiveLocation"]
    closing = Closing(send_rating_form=False)
    await bench.store.act(close_dialog, manager=bench.maria, dialog_id=dialog.id, closing=closing)
    assert await bench.store.act(apply_manager_edit, manager=bench.maria, content=spot(52.2, 77, chat=chat))
    assert [call for call in await to_anna(bench) if call.method in EDITED] == []
