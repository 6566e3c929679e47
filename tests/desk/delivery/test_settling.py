"""What an answer makes of a call, to the row: whether it counts, how long the chat rests and what waits. A wrong
step would send a message twice, never, or into a chat that refuses us.
"""

from dataclasses import replace
from datetime import timedelta

import pytest

from holdline.desk.delivery.settle import settle_all
from holdline.desk.delivery.start import StartedCall
from holdline.dialogs.gate import Gate, MessageClass
from holdline.store.engines import leases
from holdline.store.people import customers, managers
from holdline.telegram.outcomes import Action, Outcome, RetryLater, Scope, Sent, Uncertain
from tests.scheduler.conftest import DESK, GROUP, Bench, no

SENT = Sent({"message_id": 5})
AWAY = RetryLater("away", Scope.BOT, None, 502)
PAGE = RetryLater("a page", Scope.FRONT, None, 403)
LOST = Uncertain("no answer")
FLOOD = RetryLater("Too Many Requests", Scope.CHAT, 30, 429)
STEP = 1.05


async def lease(bench: Bench) -> None:
    await bench.store.act(leases.seize, "sender", "me", seconds=15)


async def private(bench: Bench, number: int) -> list[StartedCall]:
    """So many calls in flight, each in a chat of its own."""
    for n in range(number):
        await bench.add(f"to {n}", chat_id=600 + n, customer_id=None)
    return await bench.begin()


async def test_only_calls_with_a_valid_claim_are_settled(bench: Bench) -> None:
    await lease(bench)
    ours, of_another, unknown = await private(bench, 3)
    calls = [
        (replace(of_another, token="another"), SENT),
        (ours, SENT),
        (replace(unknown, outbox_id=999), SENT),
    ]
    assert await bench.store.act(settle_all, calls) == [False, True, False]
    statuses = [(await bench.item(call.outbox_id))["status"] for call in (ours, of_another, unknown)]
    assert statuses == ["sent", "sending", "sending"]
    await lease(bench)
    assert await bench.store.act(settle_all, [(of_another, SENT)]) == [False]
    assert await bench.store.act(settle_all, [(replace(of_another, epoch=2), SENT)]) == [True]


async def test_without_any_earlier_leader_a_call_is_settled(bench: Bench) -> None:
    (begun,) = await private(bench, 1)
    assert await bench.settle(begun, epoch=0)


async def test_a_delivered_call_ends_the_careful_mode_after_a_flood(bench: Bench) -> None:
    await lease(bench)
    (begun,) = await private(bench, 1)
    await bench.store.act(leases.set_careful, until=bench.clock.now() + timedelta(minutes=1))
    await bench.settle(begun)
    assert (await bench.one("SELECT careful_until_at FROM leases"))["careful_until_at"] is None


async def test_a_group_that_moved_during_the_call_is_followed(bench: Bench) -> None:
    item = await bench.add("a", **DESK)
    (begun,) = await bench.begin()
    await bench.settle(begun, no(Action.MIGRATED, new_chat_id=GROUP - 5))
    row = await bench.item(item)
    assert (row["chat_id"], row["status"]) == (GROUP - 5, "queued")


async def test_calls_that_telegram_got_count_towards_the_groups_minute(bench: Bench) -> None:
    await bench.add("a", **DESK)
    (begun,) = await bench.begin()
    await bench.settle(begun)
    assert len((await bench.chat(GROUP))["recent_operations_json"]) == 1


async def test_each_chat_pauses_by_its_own_answer(bench: Bench) -> None:
    first, second, third = await private(bench, 3)
    calls = [(first, SENT), (second, LOST), (third, no(Action.BLOCKED, code=403))]
    await bench.store.act(settle_all, [*calls[1:], calls[0]])
    for begun, seconds in ((first, STEP), (second, STEP), (third, STEP)):
        chat = await bench.chat(begun.chat_id)
        assert chat["not_before_at"] - bench.clock.now() == timedelta(seconds=seconds)
        assert (chat["in_flight_id"], chat["lease_token"], chat["leased_until_at"]) == (None, None, None)


@pytest.mark.parametrize(
    ("outcome", "rests", "stays"),
    [
        (SENT, 0, False),
        (AWAY, 0, True),
        (PAGE, 3, True),
        (LOST, 1, True),
        (FLOOD, 30.5, True),
        (no(Action.PARK), 0, False),
        (no(Action.CHAT_STOPPED), 60, None),
        (no(Action.TRY_AGAIN), 60, None),
    ],
)
async def test_a_closed_group_stays_closed_until_a_call_succeeds(
    bench: Bench, outcome: Outcome, rests: float, stays: bool | None
) -> None:
    await bench.add("a", **DESK)
    (begun,) = await bench.begin()
    closed = "UPDATE chats SET stop_reason = 'closed', doubt_reason = 'doubt' WHERE chat_id = :id"
    await bench.store.act(lambda tx: tx.run(closed, id=GROUP))
    await bench.settle(begun, outcome)
    chat = await bench.chat(GROUP)
    rest = (chat["not_before_at"] - bench.clock.now()).total_seconds()
    assert rest == pytest.approx(rests, abs=0.5 if outcome is FLOOD else 0)
    words = {True: ("closed", "doubt"), False: (None, None)}
    if stays is not None:
        assert (chat["stop_reason"], chat["doubt_reason"]) == words[stays]
    else:
        assert chat["stop_reason"] == "Bad Request: no"


@pytest.mark.parametrize(
    ("action", "rests"),
    [
        (Action.TRY_AGAIN, 3),
        (Action.MEDIA, 3),
        (Action.UNKNOWN_CHAT, 3),
        (Action.UNPAID, STEP),
        (Action.BLOCKED, STEP),
        (Action.CHAT_STOPPED, STEP),
    ],
)
async def test_a_private_chat_pauses_after_a_refusal(bench: Bench, action: Action, rests: float) -> None:
    (begun,) = await private(bench, 1)
    await bench.settle(begun, no(action))
    chat = await bench.chat(begun.chat_id)
    assert chat["not_before_at"] - bench.clock.now() == timedelta(seconds=rests)
    assert chat["stop_reason"] is None


async def test_a_refused_change_does_not_close_its_group(bench: Bench) -> None:
    edit = await bench.add("a", **DESK, kind="edit_copy", payload={"tg_message_id": 5})
    (begun,) = await bench.begin()
    await bench.settle(begun, no(Action.TRY_AGAIN))
    row, chat = await bench.item(edit), await bench.chat(GROUP)
    assert (row["status"], row["failures"]) == ("queued", 1)
    assert chat["not_before_at"] - bench.clock.now() == timedelta(seconds=3)
    assert (chat["stop_reason"], chat["doubt_reason"]) == (None, None)


@pytest.mark.parametrize("scope", [Scope.BOT, Scope.CHAT, Scope.FRONT])
@pytest.mark.parametrize(
    ("class_", "gate", "status"),
    [
        (MessageClass.SMART_REPLY, Gate.HELD, "dropped"),
        (MessageClass.SMART_REPLY, Gate.OPEN, "queued"),
        (MessageClass.FUNNEL, Gate.HELD, "queued"),
        (MessageClass.MANAGER, Gate.HELD, "queued"),
    ],
)
async def test_an_undelivered_smart_reply_is_dropped_once_a_manager_answers(
    bench: Bench, class_: MessageClass, gate: Gate, status: str, scope: Scope
) -> None:
    item = await bench.add("a", class_)
    (begun,) = await bench.begin()
    await bench.store.act(customers.set_gate, bench.anna.id, gate)
    await bench.settle(begun, RetryLater("x" * 400, scope, 1, 429))
    row = await bench.item(item)
    assert row["status"] == status
    if status == "dropped":
        assert (row["error"], row["error_code"]) == (f"held: {'x' * 400}"[:300], 429)
    elif scope is not Scope.FRONT:
        assert (row["error"], row["error_code"]) == ("x" * 300, 429)


async def test_a_returned_message_ends_if_its_customer_has_unsubscribed(bench: Bench) -> None:
    offer = await bench.add("offer", MessageClass.FUNNEL)
    reply = await bench.add("reply", chat_id=600, customer_id=bench.anna.id)
    begun = await bench.begin()
    assert {call.outbox_id for call in begun} == {offer, reply}
    await bench.store.act(customers.set_fields, bench.anna.id, opted_out_at=bench.clock.now())
    await bench.store.act(settle_all, [(call, AWAY) for call in begun])
    assert (await bench.item(offer))["status"] == "cancelled"
    assert (await bench.item(reply))["status"] == "queued"


async def test_undelivered_messages_to_a_former_manager_end(bench: Bench) -> None:
    ivan = await bench.store.act(managers.insert, telegram_id=600, name="Ivan", role="agent")
    chat = {"chat_id": ivan.telegram_id, "customer_id": None}
    item = await bench.add("card", MessageClass.DESK, kind="desk_notice", **chat)
    (begun,) = await bench.begin()
    await bench.store.act(managers.update, ivan.id, active=False)
    await bench.settle(begun, AWAY)
    assert (await bench.item(item))["status"] == "cancelled"
