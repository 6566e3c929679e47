"""What a broadcast pays and gets refunded, call by call. A wrong step would spend Stars without permission."""

from dataclasses import replace
from datetime import timedelta

import pytest

from holdline.desk.delivery.floods import record_flood
from holdline.desk.delivery.pace import PaceNow, pace_now
from holdline.desk.delivery.paid_calls import PAYS, count_paid, keep_affordable, permit_payment, settle_paid
from holdline.dialogs.broadcasts.stars import StarsBudget
from holdline.dialogs.gate import MessageClass
from holdline.store.broadcasts import budgets
from holdline.store.engines import leases
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call
from holdline.telegram.outcomes import Action, Outcome, RetryLater, Scope, Sent, Uncertain
from tests.scheduler.conftest import Bench, no

FLOOD = RetryLater("Too Many Requests", Scope.CHAT, 1, 429)
AWAY = RetryLater("away", Scope.BOT)
NO_STARS = no(Action.UNPAID, "BALANCE_TOO_LOW")
BLOCKED = no(Action.BLOCKED)


@pytest.fixture
async def bench(bench: Bench) -> Bench:
    bench.store.rules = replace(bench.store.rules, per_second=30, paid_per_second=300)
    await bench.store.act(leases.seize, "sender", "me", seconds=15)
    return bench


async def paying(bench: Bench, tenths: int = 10) -> int:
    """A broadcast that is being sent and may spend so many tenths of a Star."""

    def work(tx: Tx) -> int:
        row = tx.one(
            """INSERT INTO broadcasts (bot_id, content_json, audience_json, starts_at, status, expected, created_at)
               VALUES (:bot, '{}', '{}', :at, 'sending', 1, :at) RETURNING id""",
            bot=tx.bot_id,
            at=tx.at,
        )
        assert row is not None
        budgets.insert(tx, row["id"], budget=tenths)
        return int(row["id"])

    return await bench.store.act(work)


async def offer(bench: Bench, broadcast_id: int | None, *, paid: int = 0) -> Row:
    """A message of that broadcast; `paid`: what its call was counted with."""
    number = len(await bench.all("SELECT id FROM outbox"))
    item = await bench.item(await bench.add(f"offer {number}", MessageClass.BROADCAST))
    if broadcast_id is not None and paid:
        await bench.store.act(count_paid, [{**item, "broadcast_id": broadcast_id, "paid": paid}])
    return {**await bench.item(item["id"]), "broadcast_id": broadcast_id}


async def budget(bench: Bench, broadcast_id: int) -> StarsBudget | None:
    return await bench.store.read(budgets.of_broadcast, broadcast_id)


async def test_paying_broadcasts_go_faster_as_far_as_floods_let_them(bench: Bench) -> None:
    assert await bench.store.read(pace_now) == PaceNow(30, 0)
    broadcast_id = await paying(bench)
    assert await bench.store.read(pace_now) == PaceNow(30, 270)
    for chat_id in (600, 601):
        item = await bench.item(await bench.add(str(chat_id), chat_id=chat_id, customer_id=None))
        await bench.store.act(record_flood, item, await bench.chat(chat_id), FLOOD)
    now = await bench.store.read(pace_now)
    assert (now.per_second, now.paid) == (pytest.approx(21), pytest.approx(189))
    bench.store.rules = replace(bench.store.rules, paid_per_second=0)
    assert (await bench.store.read(pace_now)).paid == 0
    bench.store.rules = replace(bench.store.rules, paid_per_second=300)
    await bench.store.act(budgets.stop, broadcast_id, reason="spent")
    assert (await bench.store.read(pace_now)).paid == 0


@pytest.mark.parametrize(
    ("outcome", "paid", "left"),
    [
        (Sent({"message_id": 1}), 2, StarsBudget(10, 2)),
        (Uncertain("no answer"), 2, StarsBudget(10, 2)),
        (BLOCKED, 2, StarsBudget(10, 0)),
        (AWAY, 2, StarsBudget(10, 0)),
        (FLOOD, 2, StarsBudget(10, 0)),
        (NO_STARS, 2, StarsBudget(10, 0, "BALANCE_TOO_LOW")),
        (NO_STARS, 0, StarsBudget(10, 0, "BALANCE_TOO_LOW")),
        (BLOCKED, 0, StarsBudget(10, 0)),
    ],
)
async def test_messages_not_accepted_by_telegram_are_refunded(
    bench: Bench, outcome: Outcome, paid: int, left: StarsBudget
) -> None:
    broadcast_id = await paying(bench)
    item = await offer(bench, broadcast_id, paid=paid)
    assert item["paid"] == paid
    await bench.store.act(settle_paid, item, outcome)
    assert await budget(bench, broadcast_id) == left
    kept = paid if isinstance(outcome, Sent | Uncertain) else 0
    assert (await bench.item(item["id"]))["paid"] == kept


@pytest.mark.parametrize(("outcome", "reason"), [(FLOOD, FLOOD.reason), (AWAY, None), (BLOCKED, None)])
async def test_three_floods_of_paid_calls_end_the_payment(
    bench: Bench, outcome: Outcome, reason: str | None
) -> None:
    broadcast_id = await paying(bench)
    for tried in range(3):
        found = await budget(bench, broadcast_id)
        assert found is not None and found.stopped_reason is None, tried
        await bench.store.act(settle_paid, await offer(bench, broadcast_id, paid=1), outcome)
    assert await budget(bench, broadcast_id) == StarsBudget(10, 0, reason)


@pytest.mark.parametrize("outcome", [NO_STARS, FLOOD])
async def test_a_message_of_no_broadcast_has_no_budget(bench: Bench, outcome: Outcome) -> None:
    broadcast_id = await paying(bench)
    await bench.store.act(settle_paid, await offer(bench, None), outcome)
    assert await budget(bench, broadcast_id) == StarsBudget(10)


async def test_a_refused_paid_call_is_refunded_when_it_is_settled(bench: Bench) -> None:
    broadcast_id = await paying(bench)
    item = await offer(bench, None)
    (begun,) = await bench.begin()
    await bench.store.act(count_paid, [{**item, "broadcast_id": broadcast_id, "paid": 3}])
    whose = "UPDATE outbox SET broadcast_id = :broadcast WHERE id = :id"
    await bench.store.act(lambda tx: tx.run(whose, broadcast=broadcast_id, id=item["id"]))
    await bench.settle(begun, BLOCKED)
    assert await budget(bench, broadcast_id) == StarsBudget(10)


def album(parts: int) -> Call:
    return Call("sendMediaGroup", {"media": [{}] * parts})


async def test_calls_are_paid_in_order_until_the_budget_has_no_room(bench: Bench) -> None:
    rich, poor = await paying(bench, 10), await paying(bench, 3)
    free = await offer(bench, None)
    chosen = [
        (await offer(bench, rich), Call("sendMessage", {})),
        (await offer(bench, poor), album(2)),
        (await offer(bench, poor), album(2)),
        (await offer(bench, poor), Call("sendMessage", {})),
        (free, Call("sendMessage", {})),
        (await offer(bench, rich), Call("copyMessages", {})),
        (await offer(bench, rich), album(9)),
    ]
    affordable = await bench.store.act(keep_affordable, chosen)
    places = [0, 6, 1]
    assert [item["id"] for item, _ in affordable] == [chosen[place][0]["id"] for place in places]
    assert [(item["paid"], item[PAYS]) for item, _ in affordable] == [(1, True), (9, True), (2, True)]
    assert all(call.params["allow_paid_broadcast"] is True for _, call in affordable)
    assert await budget(bench, rich) == StarsBudget(10)
    assert await budget(bench, poor) == StarsBudget(3, 0, "spent")
    await bench.store.act(count_paid, [item for item, _ in affordable])
    assert await budget(bench, rich) == StarsBudget(10, 10)
    assert (await bench.item(chosen[6][0]["id"]))["paid"] == 9


async def test_a_broadcast_without_a_budget_cannot_pay(bench: Bench) -> None:
    item = await offer(bench, 999)
    assert await bench.store.act(keep_affordable, [(item, Call("sendMessage", {}))]) == []


async def test_at_the_free_pace_a_paying_broadcast_may_pay_and_a_stopped_one_waits(
    bench: Bench,
) -> None:
    one, other = await paying(bench), await paying(bench)
    plain = Call("sendMessage", {})
    chosen = [
        (await offer(bench, one), plain),
        (await offer(bench, one), Call("copyMessages", {})),
        (await offer(bench, other), plain),
        (await offer(bench, None), plain),
    ]
    await bench.store.act(budgets.stop, other, reason="spent")
    paid = {"allow_paid_broadcast": True}
    for later, expected in ((1.1, [paid, {}, {}]), (0.1, [paid, {}, {}, {}])):
        bench.clock.advance(later)
        going = await bench.store.act(permit_payment, chosen)
        assert [call.params for _, call in going] == expected


async def queued(bench: Bench, number: int, broadcast_id: int) -> None:
    """Messages of that broadcast to so many customers."""
    for chat_id in range(600, 600 + number):
        customer_id = await bench.customer_id(chat_id)
        await bench.add(str(chat_id), MessageClass.BROADCAST, chat_id=chat_id, customer_id=customer_id)
    whose = "UPDATE outbox SET broadcast_id = :id WHERE class = 'broadcast'"
    await bench.store.act(lambda tx: tx.run(whose, id=broadcast_id))


@pytest.mark.parametrize(
    ("limits", "free", "paid"),
    [
        ({"limit": 1, "paid_limit": 3}, 1, 2),
        ({"limit": 2, "paid_limit": 2}, 2, 0),
        ({"limit": 0, "paid_limit": 9}, 0, 4),
        ({"limit": 9, "marketing_limit": 1, "paid_limit": 2}, 1, 1),
    ],
)
async def test_calls_beyond_the_free_pace_are_paid_and_counted(
    bench: Bench, limits: dict[str, int], free: int, paid: int
) -> None:
    broadcast_id = await paying(bench)
    await queued(bench, 4, broadcast_id)
    calls = await bench.begin(**limits)
    assert [call.is_paid for call in calls] == [False] * free + [True] * paid
    assert all(call.call.params["allow_paid_broadcast"] for call in calls)
    assert await budget(bench, broadcast_id) == StarsBudget(10, paid)
    costs = [(await bench.item(call.outbox_id))["paid"] for call in calls]
    assert costs == [0] * free + [1] * paid


async def test_nothing_is_paid_after_a_flood_or_without_the_owners_permission(bench: Bench) -> None:
    broadcast_id = await paying(bench)
    await queued(bench, 4, broadcast_id)
    bench.store.rules = replace(bench.store.rules, paid_per_second=0)
    (call,) = await bench.begin(limit=1, paid_limit=9)
    assert (call.is_paid, "allow_paid_broadcast" in call.call.params) == (False, False)
    await bench.settle(call)
    bench.store.rules = replace(bench.store.rules, paid_per_second=300)
    await bench.store.act(leases.set_careful, until=bench.clock.now() + timedelta(minutes=1))
    assert [call.is_paid for call in await bench.begin(limit=1, paid_limit=9)] == [False]
