"""Calls that several lines share, and calls that nobody answered: what is repeated, kept together or parked. A wrong
step would lose a customer's words or say them twice.
"""

from datetime import timedelta
from typing import Any

import pytest

from holdline.desk.delivery.settle import LOST_LEASE, reap, settle_all
from holdline.desk.delivery.start import StartedCall
from holdline.dialogs.gate import MessageClass
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call
from holdline.telegram.outcomes import Action, Outcome, RetryLater, Scope, Sent, Uncertain
from tests.desk.delivery.lines_kit import lines
from tests.scheduler.conftest import ANNA, DESK, GROUP, Bench, no, notices, opened, written

SENT = Sent({"message_id": 5})
AWAY = RetryLater("away", Scope.BOT, None, 502)
PAGE = RetryLater("a page", Scope.FRONT, None, 403)
LOST = Uncertain("no answer")
FLOOD = RetryLater("Too Many Requests", Scope.CHAT, 30, 429)
STEP = 1.05


async def private(bench: Bench, number: int) -> list[StartedCall]:
    """So many calls in flight, each in a chat of its own."""
    for n in range(number):
        await bench.add(f"to {n}", chat_id=600 + n, customer_id=None)
    return await bench.begin()


async def merged_call(bench: Bench) -> tuple[StartedCall, list[int]]:
    """Three lines of a customer that are one call in flight, as after a call without an answer."""
    items = [row["id"] for row in await lines(bench, 3, operations=0, together=1)]

    def render(_: Tx, item: Row) -> Call:
        return Call("sendMessage", {"text": "line 1"})

    (begun,) = [call for call in await bench.begin(render=render) if call.chat_id == GROUP]
    assert begun.call.params["text"] == "line 1\nline 2\nline 3"
    return begun, items


async def statuses(bench: Bench, items: list[int]) -> list[str]:
    return [(await bench.item(item))["status"] for item in items]


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (SENT, ["sent", "sent", "sent"]),
        (AWAY, ["queued", "queued", "queued"]),
        (LOST, ["queued", "queued", "queued"]),
        (no(Action.PARK), ["parked", "queued", "queued"]),
    ],
)
async def test_an_outcome_without_details_leaves_no_line_in_flight(
    bench: Bench, outcome: Outcome, expected: list[str]
) -> None:
    begun, items = await merged_call(bench)
    assert await bench.store.act(settle_all, [(begun, outcome)], bare=True) == [True]
    assert await statuses(bench, items) == expected
    rows = [await bench.item(item) for item in items]
    assert {row["merged_into"] for row in rows} == {None}
    words = f"what follows from {type(outcome).__name__} failed"
    ended = {row["error"] for row in rows if row["status"] == expected[0] and row["error"]}
    assert ended == {words}
    assert {row["uncertain"] for row in rows} == {int(outcome is LOST)}
    assert rows[1]["payload_json"] == ({"together": items[0]} if outcome is LOST else {"together": 1})


@pytest.mark.parametrize(
    ("class_", "uncertain", "status"),
    [
        (MessageClass.MANAGER, 0, "queued"),
        (MessageClass.MANAGER, 1, "queued"),
        (MessageClass.MANAGER, 2, "parked"),
        (MessageClass.SMART_REPLY, 0, "parked"),
    ],
)
async def test_an_outcome_without_details_is_not_repeated_for_ever(
    bench: Bench, class_: MessageClass, uncertain: int, status: str
) -> None:
    item = await bench.add("a", class_)
    (begun,) = await bench.begin()
    sql = "UPDATE outbox SET uncertain = :uncertain WHERE id = :id"
    await bench.store.act(lambda tx: tx.run(sql, uncertain=uncertain, id=item))
    await bench.store.act(settle_all, [(begun, LOST)], bare=True)
    row = await bench.item(item)
    assert (row["status"], row["uncertain"]) == (status, uncertain + 1)


async def test_lines_of_an_unanswered_call_stay_merged_and_are_counted_separately(bench: Bench) -> None:
    begun, items = await merged_call(bench)
    await bench.settle(begun, LOST)
    rows = [await bench.item(item) for item in items]
    assert {(row["status"], row["uncertain"], row["error"]) for row in rows} == {("queued", 1, "no answer")}
    assert {row["payload_json"]["together"] for row in rows} == {items[0]}


@pytest.mark.parametrize(
    ("action", "apart", "rests"),
    [(Action.PARK, True, 3), (Action.PLAIN, True, 3), (Action.CHAT_STOPPED, False, 60)],
)
async def test_lines_refused_together_wait_separately_unless_the_chat_is_at_fault(
    bench: Bench, action: Action, apart: bool, rests: float
) -> None:
    begun, items = await merged_call(bench)
    await bench.settle(begun, no(action))
    rows = [await bench.item(item) for item in items]
    assert [row["status"] for row in rows] == ["queued"] * 3
    assert {row["payload_json"].get("apart", False) for row in rows} == {apart}
    chat = await bench.chat(GROUP)
    assert chat["not_before_at"] - bench.clock.now() == timedelta(seconds=rests)


@pytest.mark.parametrize(
    ("fields", "status", "uncertain", "outcome"),
    [
        ({}, "queued", 1, "uncertain"),
        ({"kind": "edit_copy", "payload": {"tg_message_id": 5}}, "queued", 0, "later"),
        ({"class_": MessageClass.SMART_REPLY}, "dropped", 1, "uncertain"),
    ],
)
async def test_a_call_whose_lease_ran_out_may_have_arrived_unless_it_can_be_repeated(
    bench: Bench, fields: dict[str, Any], status: str, uncertain: int, outcome: str
) -> None:
    item = await bench.add("a", **fields)
    await bench.begin(lease_seconds=30.0)
    bench.clock.advance(29.999)
    assert await bench.store.act(reap) == 0
    bench.clock.advance(0.001)
    assert await bench.store.act(reap, in_hand=frozenset({item})) == 0
    assert await bench.store.act(reap) == 1
    row = await bench.item(item)
    assert (row["status"], row["uncertain"]) == (status, uncertain)
    assert LOST_LEASE in row["error"]
    attempt = await bench.one("SELECT * FROM outbox_attempts WHERE outbox_id = :id", id=item)
    assert (attempt["outcome"], attempt["description"]) == (outcome, LOST_LEASE)


async def reaped(bench: Bench) -> tuple[int, set[str]]:
    """How many calls were ended, and which bells were rung."""
    return await bench.store.act(lambda tx: (reap(tx), set(tx.woken)))


async def test_a_lease_without_a_call_is_ended_too(bench: Bench) -> None:
    (begun,) = await private(bench, 1)
    assert await reaped(bench) == (0, set())

    def lose(tx: Tx) -> None:
        tx.run("UPDATE chats SET in_flight_id = NULL WHERE chat_id = :id", id=begun.chat_id)

    await bench.store.act(lose)
    bench.clock.advance(60)
    assert await reaped(bench) == (0, {"outbox"})
    chat = await bench.chat(begun.chat_id)
    assert (chat["leased_until_at"], chat["not_before_at"]) == (None, bench.clock.now())


async def test_messages_written_for_a_group_while_it_moved_follow_it(bench: Bench) -> None:
    item = await bench.add("a", **DESK)
    moved = "UPDATE chats SET moved_to_chat_id = :new WHERE chat_id = :old"
    await bench.store.act(lambda tx: tx.run(moved, new=GROUP - 1, old=GROUP))
    await reaped(bench)
    assert (await bench.item(item))["chat_id"] == GROUP - 1


async def times(bench: Bench, item: int, tried: int) -> Row:
    """The item after so many calls without an answer."""
    for _ in range(tried):
        (begun,) = [call for call in await bench.begin() if call.chat_id == ANNA.telegram_id]
        await bench.settle(begun, Uncertain("x" * 400))
        bench.clock.advance(10)
    return await bench.item(item)


@pytest.mark.parametrize(
    ("class_", "tried", "status", "error"),
    [
        (MessageClass.MANAGER, 2, "queued", "x" * 300),
        (MessageClass.MANAGER, 3, "parked", f"perhaps sent 3 times: {'x' * 400}"[:300]),
        (MessageClass.SMART_REPLY, 1, "dropped", f"perhaps sent: {'x' * 400}"[:300]),
    ],
)
async def test_a_call_without_an_answer_is_repeated_twice_an_automatic_one_never(
    bench: Bench, class_: MessageClass, tried: int, status: str, error: str
) -> None:
    row = await times(bench, await bench.add("a", class_), tried)
    assert (row["status"], row["error"], row["uncertain"]) == (status, error, tried)


async def test_the_chat_rests_longer_after_each_call_without_an_answer(bench: Bench) -> None:
    item = await bench.add("a")
    uncertain = "UPDATE outbox SET uncertain = 1 WHERE id = :id"
    await bench.store.act(lambda tx: tx.run(uncertain, id=item))
    (begun,) = await bench.begin()
    await bench.settle(begun, LOST)
    assert (await bench.chat())["not_before_at"] - bench.clock.now() == timedelta(seconds=2)


async def test_a_manager_is_notified_of_a_message_that_may_have_arrived(bench: Bench) -> None:
    message = await written(bench, await opened(bench))
    item = await bench.one(
        "SELECT id FROM outbox WHERE message_id = :id AND audience = 'customer'", id=message.id
    )
    await times(bench, item["id"], 3)
    (notice,) = await notices(bench)
    assert notice["payload_json"]["key"] == "delivery.uncertain"


async def test_unanswered_marketing_may_have_crossed_the_opening_of_a_dialog(bench: Bench) -> None:
    await bench.add("offer", MessageClass.FUNNEL)
    (begun,) = await bench.begin()
    dialog = await opened(bench)
    await bench.settle(begun, LOST)
    told = await bench.one("SELECT * FROM history WHERE kind = 'crossed'")
    assert (told["dialog_id"], told["data_json"]["certain"]) == (dialog.id, False)
