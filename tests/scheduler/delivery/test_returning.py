"""Retries: missing parts of an album, a reopened chat, and unanswered calls."""

from datetime import timedelta
from typing import Any

import pytest

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.conversation.removals import delete_message, undo_message
from holdline.desk.conversation.replies import Origin, write_in_dialog
from holdline.desk.delivery.discard import end_if_taken_back
from holdline.desk.delivery.partial_albums import LEFT_OUT, requeue_partial_albums
from holdline.desk.delivery.reachable_again import reopen_chat
from holdline.desk.delivery.start import StartedCall, _end_reason
from holdline.dialogs.decisions.corrections import Removal
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.message import Content
from holdline.dialogs.rules import DeskRules
from holdline.screens.render import render
from holdline.store.conversation import messages
from holdline.store.dialogs import place_threads, places
from holdline.store.people import managers
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call
from holdline.telegram.outcomes import Action, Outcome, RetryLater, Scope, Uncertain
from tests.scheduler.conftest import ANNA, GROUP, Bench, no, notices, only, opened, to_anna, written

OLA = 400000078


async def says(bench: Bench, text: str, number: int = 1) -> int:
    content = Content(text=text, chat_id=ANNA.telegram_id, tg_message_id=number)
    await bench.store.act(receive_customer_message, sender=ANNA, content=content)
    return int((await bench.one("SELECT MAX(id) AS id FROM messages"))["id"])


async def an_album(bench: Bench, **more: Any) -> Row:
    ids = [await says(bench, text, number) for number, text in enumerate("abc", 1)]
    return await bench.item(await bench.add("album", kind="album", payload={"message_ids": ids, **more}))


def arrived(*numbers: int) -> list[dict[str, int]]:
    return [{"message_id": number} for number in numbers]


async def test_an_album_that_lost_a_part_is_sent_again_from_its_files(bench: Bench) -> None:
    album = {**await an_album(bench), "dialog_id": (await opened(bench)).id}
    assert await bench.store.act(requeue_partial_albums, [(album, arrived(71, 72))]) == []
    again = await bench.item(album["id"])
    assert (again["status"], again["error"]) == ("queued", f"{LEFT_OUT}: a part")
    assert again["payload_json"] == {**album["payload_json"], "by_file": True}
    removals = await bench.all("SELECT * FROM outbox WHERE kind = 'delete_copy' ORDER BY id")
    assert [row["payload_json"]["tg_message_id"] for row in removals] == [71, 72]
    where = {(row["chat_id"], row["message_id"], row["dialog_id"]) for row in removals}
    assert where == {(ANNA.telegram_id, None, album["dialog_id"])}


@pytest.mark.parametrize("result", [arrived(71, 72, 73), [], {"message_id": 71}])
async def test_an_album_that_arrived_whole_stays(bench: Bench, result: Any) -> None:
    album = await an_album(bench)
    plain = await bench.item(await bench.add("plain"))
    given_ = [(album, result), (plain, arrived(74))]
    assert await bench.store.act(requeue_partial_albums, given_) == given_
    assert await bench.all("SELECT * FROM outbox WHERE kind = 'delete_copy'") == []


async def test_an_album_that_loses_a_part_again_is_reported(bench: Bench) -> None:
    album = await an_album(bench, by_file=True)
    told = [(album, arrived(71, 72))]
    assert await bench.store.act(requeue_partial_albums, told) == told
    assert await bench.all("SELECT * FROM outbox WHERE kind = 'delete_copy'") == []


async def closed_for_all(bench: Bench) -> dict[int, int]:
    """Both managers' chats are closed while a customer's message waits there: chat → item."""
    await bench.store.act(managers.insert, telegram_id=OLA, name="Ola", role="agent")
    await says(bench, "Hi")
    items = {}
    for begun in await bench.begin():
        items[begun.chat_id] = begun.outbox_id
        await bench.settle(begun, no(Action.BLOCKED, code=403))
    return items


async def test_the_first_returning_manager_gets_the_messages_nobody_saw(bench: Bench) -> None:
    items = await closed_for_all(bench)
    statuses = {chat: (await bench.item(item))["status"] for chat, item in items.items()}
    assert sorted(statuses.values()) == ["cancelled", "parked"], "the last one is the only one left"
    (parked,) = [chat for chat, status in statuses.items() if status == "parked"]
    (back,) = statuses.keys() - {parked}
    assert await bench.store.act(reopen_chat, chat_id=back) == 1
    moved = await bench.item(items[parked])
    assert (moved["status"], moved["chat_id"]) == ("queued", back)
    assert await bench.store.act(reopen_chat, chat_id=parked) == 0, "it is shown already"


async def test_a_group_or_a_stranger_gets_no_unseen_messages(bench: Bench) -> None:
    items = await closed_for_all(bench)
    for chat_id in (GROUP, 999):
        assert await bench.store.act(reopen_chat, chat_id=chat_id) == 0
    assert {(await bench.item(item))["status"] for item in items.values()} == {"cancelled", "parked"}


class TestInAGroup:
    @pytest.fixture
    def rules(self) -> DeskRules:
        return DeskRules(staff_group=GROUP)

    async def test_a_returned_manager_gets_no_seen_messages(self, bench: Bench) -> None:
        await says(bench, "Hi")
        assert await bench.store.act(reopen_chat, chat_id=bench.maria.telegram_id) == 0


@pytest.mark.parametrize(
    ("class_", "ends"),
    [
        (MessageClass.MANAGER, ["queued", "queued", "parked"]),
        (MessageClass.FUNNEL, ["queued", "queued", "parked"]),
        (MessageClass.SMART_REPLY, ["dropped"]),
    ],
)
async def test_a_call_without_an_answer_is_repeated_twice_and_later_each_time(
    bench: Bench, class_: MessageClass, ends: list[str]
) -> None:
    item = await bench.add("a", class_)
    for tried, status in enumerate(ends, 1):
        (begun,) = await bench.begin()
        await bench.settle(begun, Uncertain("no answer", 502))
        row, chat = await bench.item(item), await bench.chat()
        assert (row["status"], row["uncertain"]) == (status, tried)
        if status == "queued":
            least = timedelta(seconds=max(1.05, tried))
            assert chat["not_before_at"] - bench.clock.now() == least
            assert row["error"] == "no answer"
        bench.clock.advance(10)
    last = await bench.item(item)
    if last["status"] == "parked":
        assert last["error"] == "perhaps sent 3 times: no answer"
        assert {row["payload_json"]["key"] for row in await notices(bench)} <= {"delivery.lost_uncertain"}
    else:
        assert last["error"] == "perhaps sent: no answer"


@pytest.mark.parametrize(("later", "reason"), [(0, ("expired", "expired")), (1, None)])
async def test_an_item_expires_exactly_at_its_expiry_time(
    bench: Bench, later: int, reason: tuple[str, str] | None
) -> None:
    ends = bench.clock.now() + timedelta(seconds=later)
    item = await bench.item(await bench.add("a", expires_at=ends))
    assert await bench.store.act(_end_reason, item) == reason


async def test_a_message_taken_back_is_not_sent(bench: Bench) -> None:
    message = await written(bench, await opened(bench))
    item = await bench.one("SELECT * FROM outbox WHERE message_id = :id", id=message.id)
    assert not await bench.store.act(end_if_taken_back, item)
    await bench.store.act(lambda tx: messages.set_fields(tx, message.id, deleted_at=tx.at))
    assert not await bench.store.act(end_if_taken_back, {**item, "message_id": None})
    assert await bench.store.act(end_if_taken_back, item)
    ended = await bench.item(item["id"])
    assert (ended["status"], ended["error"]) == ("cancelled", "taken back")
    assert await notices(bench) == []


@pytest.mark.parametrize(
    ("mode", "is_live", "thread", "reason"),
    [
        ("topic", False, None, ("cancelled", "its place is gone")),
        ("topic", False, 7, None),
        ("topic", True, None, None),
        ("with_header", False, None, None),
    ],
)
async def test_messages_waiting_for_a_topic_that_is_never_created_end(
    bench: Bench, mode: str, is_live: bool, thread: int | None, reason: tuple[str, str] | None
) -> None:
    place = await bench.store.act(places.insert, chat_id=-5, dialog_id=None, mode=mode, name="x")
    if thread is not None:
        await bench.store.act(place_threads.set_thread, place["id"], thread)
    if not is_live:
        await bench.store.act(places.end, place["id"])
    shown = {"chat_id": bench.maria.telegram_id, "customer_id": None, "place_id": place["id"]}
    item = await bench.item(await bench.add("a", MessageClass.DESK, **shown))
    assert await bench.store.act(_end_reason, item) == reason
    assert await bench.store.act(_end_reason, {**item, "place_id": None}) is None


async def test_an_upload_may_take_longer(bench: Bench) -> None:
    def render(_: Tx, item: Row) -> Call:
        files = {"photo": ("a.jpg", b"x")} if item["key"] == "upload" else {}
        return Call("sendPhoto", {"chat_id": item["chat_id"], "text": item["key"]}, files=files)

    await bench.add("upload")
    await bench.add("plain", chat_id=600, customer_id=None)
    now = bench.clock.now()
    for begun in await bench.begin(render=render, lease_seconds=30.0):
        chat = await bench.chat(begun.chat_id)
        seconds = 90 if begun.call.files else 30
        assert chat["leased_until_at"] - now == timedelta(seconds=seconds)


PHOTO = {"file_id": "p", "file_unique_id": "u"}


async def album_on_the_wire(bench: Bench) -> tuple[StartedCall, list[int]]:
    """Two pictures of a manager to the customer, and what was begun with them."""
    dialog, chat, said = await opened(bench), bench.maria.telegram_id, []
    for number in (1, 2):
        part = Content("photo", str(number), data=PHOTO, chat_id=chat, tg_message_id=number, album_id="a")
        words: dict[str, Any] = {"dialog_id": dialog.id, "content": part, "origin": Origin(chat, number)}
        said.append((await bench.store.act(write_in_dialog, manager=bench.maria, **words)).id)
    bench.clock.advance(5)
    (call,) = [one for one in await bench.begin(render=render) if one.chat_id == ANNA.telegram_id]
    return call, said


@pytest.mark.parametrize("outcome", [RetryLater("no way out", Scope.BOT), Uncertain("no answer")])
async def test_an_album_taken_back_on_the_wire_is_not_sent_again(bench: Bench, outcome: Outcome) -> None:
    call, said = await album_on_the_wire(bench)
    await bench.store.act(undo_message, manager=bench.maria, message_id=said[0])
    await bench.settle(call, outcome)
    bench.clock.advance(5)
    assert await to_anna(bench) == []
    assert (await bench.item(call.outbox_id))["error"] == "taken back"
    told = [row["payload_json"]["key"] for row in await notices(bench)]
    assert told == (["delivery.taken_back"] if isinstance(outcome, Uncertain) else [])


async def test_a_person_who_takes_back_what_may_have_arrived_is_told_so(bench: Bench) -> None:
    """While it waits to be repeated. It was said that the customer never had it."""
    await written(bench, await opened(bench))
    await bench.settle(await only(bench), Uncertain("no answer"))
    where = {"chat_id": bench.maria.telegram_id, "tg_message_id": 77}
    removal = await bench.store.act(delete_message, manager=bench.maria, **where)
    assert removal is Removal.PERHAPS_SENT


async def test_a_part_taken_back_on_the_wire_is_not_sent_again(bench: Bench) -> None:
    call, _ = await album_on_the_wire(bench)
    where = {"chat_id": bench.maria.telegram_id, "tg_message_id": 1}
    await bench.store.act(delete_message, manager=bench.maria, **where)
    await bench.settle(call, RetryLater("no way out", Scope.BOT))
    bench.clock.advance(5)
    (sent,) = await to_anna(bench)
    assert sent.params["caption"] == "2"
