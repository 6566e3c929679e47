"""Broadcasts that pay Stars to go faster: counted when a call starts, within the budget, and only then flagged."""

import asyncio
from typing import Any

import pytest

from holdline.desk.broadcasts.creating import BroadcastOrder, create_broadcast
from holdline.desk.delivery.settle import reap
from holdline.desk.delivery.start import StartedCall
from holdline.dialogs.broadcasts.broadcast import BroadcastAuthor
from holdline.dialogs.broadcasts.content import BroadcastContent, BroadcastVariant
from holdline.dialogs.broadcasts.stars import StarsBudget, stars_text
from holdline.dialogs.marketing.content import Medium
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.rules import DeskRules
from holdline.dialogs.text.richtext import RichText
from holdline.scheduler.sender import BATCH, IN_FLIGHT_LEAST, IN_FLIGHT_MOST, Sender
from holdline.screens.render import render
from holdline.store.broadcasts import budgets
from holdline.store.delivery import in_flight
from holdline.store.engine import Store
from holdline.store.invariants import find_violations
from holdline.telegram.outcomes import Action, Outcome, RetryLater, Scope, Uncertain
from tests.scheduler.broadcasts.conftest import Mailing
from tests.scheduler.conftest import no
from tests.scheduler.test_sender import until
from tests.scheduler.wire import FakeWire, error

BLOCKED = no(Action.BLOCKED, "Forbidden: bot was blocked by the user", 403)
FLOOD = RetryLater("Too Many Requests: retry after 1", Scope.CHAT, 1, 429)
NO_STARS = no(Action.UNPAID, "Bad Request: BALANCE_TOO_LOW")


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(per_second=30, paid_per_second=300)


def is_flagged(begun: StartedCall) -> bool:
    return begun.call.params.get("allow_paid_broadcast") is True


async def begin(mailing: Mailing, free: int, paid: int) -> list[StartedCall]:
    return await mailing.bench.begin(limit=free, marketing_limit=free, paid_limit=free + paid, render=render)


async def budget(mailing: Mailing, broadcast_id: int) -> StarsBudget | None:
    return await mailing.bench.store.read(budgets.of_broadcast, broadcast_id)


@pytest.mark.row("M-05")
async def test_calls_beyond_the_free_pace_pay_and_end_with_the_budget(mailing: Mailing) -> None:
    await mailing.people(30)
    broadcast_id = await mailing.create(paid_stars=1)
    await mailing.turns()
    first = await begin(mailing, 5, 4)
    assert [call.is_paid for call in first] == [False] * 5 + [True] * 4
    assert all(map(is_flagged, first)), "Telegram takes Stars only for what goes beyond its thirty a second"
    assert await budget(mailing, broadcast_id) == StarsBudget(10, 4)
    second = await begin(mailing, 0, 20)
    assert sum(map(is_flagged, second)) == len(second) == 6
    assert await budget(mailing, broadcast_id) == StarsBudget(10, 10, "spent")
    assert await begin(mailing, 0, 20) == []
    for call in [*first, *second]:
        await mailing.bench.settle(call)
    assert await mailing.bench.store.read(find_violations) == []
    reached = await mailing.deliver()
    assert len(reached) == 15, "the rest goes on at the free pace"
    assert (await mailing.figures(broadcast_id))["status"] == "done"
    assert await budget(mailing, broadcast_id) == StarsBudget(10, 10, "spent")


@pytest.mark.parametrize(
    ("outcome", "spent", "stopped"),
    [
        (None, 1, None),
        (BLOCKED, 0, None),
        (RetryLater("refused", Scope.BOT), 0, None),
        (FLOOD, 0, None),
        (Uncertain("connection lost"), 1, None),
        (NO_STARS, 0, NO_STARS.description),
    ],
)
async def test_only_calls_certainly_not_accepted_are_refunded(
    mailing: Mailing, outcome: Outcome | None, spent: int, stopped: str | None
) -> None:
    await mailing.people(1)
    broadcast_id = await mailing.create(paid_stars=1)
    await mailing.turns()
    (call,) = await begin(mailing, 0, 5)
    await mailing.bench.settle(call, outcome)
    assert await budget(mailing, broadcast_id) == StarsBudget(10, spent, stopped)
    assert await mailing.bench.store.read(find_violations) == []
    if outcome is NO_STARS:
        mailing.bench.clock.advance(10)
        assert await begin(mailing, 0, 5) == []
        assert [text for _, text in await mailing.deliver()] == ["Our sale has begun"], (
            "it goes without paying"
        )


async def test_an_uncertain_call_is_paid_again_on_repeat_and_a_killed_senders_call_stays_paid(
    mailing: Mailing,
) -> None:
    await mailing.people(1)
    broadcast_id = await mailing.create(paid_stars=1)
    await mailing.turns()
    (call,) = await begin(mailing, 0, 5)
    await mailing.bench.settle(call, Uncertain("connection lost"))
    mailing.bench.clock.advance(10)
    (again,) = await begin(mailing, 0, 5)
    assert again.attempt == 2 and await budget(mailing, broadcast_id) == StarsBudget(10, 2)
    mailing.bench.clock.advance(200)
    await mailing.bench.store.act(reap)
    assert await budget(mailing, broadcast_id) == StarsBudget(10, 2)
    mailing.bench.clock.advance(10)
    (free,) = await mailing.bench.begin(render=render)
    assert not free.is_paid
    await mailing.bench.settle(free, BLOCKED)
    assert await budget(mailing, broadcast_id) == StarsBudget(10, 2), "a free call gives nothing back"


async def test_a_refusal_for_lack_of_stars_at_the_free_pace_stops_the_budget_too(mailing: Mailing) -> None:
    await mailing.people(2)
    broadcast_id = await mailing.create(paid_stars=1)
    await mailing.turns()
    free, paid = await begin(mailing, 1, 1)
    for call in (free, paid):
        await mailing.bench.settle(call, NO_STARS)
    assert await budget(mailing, broadcast_id) == StarsBudget(10, 0, NO_STARS.description)
    assert len(await mailing.deliver()) == 2, "both go without paying"


async def test_payment_ignored_by_telegram_three_times_stops(mailing: Mailing) -> None:
    await mailing.people(3)
    broadcast_id = await mailing.create(paid_stars=1)
    await mailing.turns()
    for call in await begin(mailing, 0, 3):
        await mailing.bench.settle(call, FLOOD)
    assert await budget(mailing, broadcast_id) == StarsBudget(10, 0, FLOOD.reason)


async def test_an_album_pays_for_each_of_its_parts(mailing: Mailing) -> None:
    await mailing.people(5)
    media = tuple(Medium("photo", f"P{number}") for number in range(3))
    order = BroadcastOrder(BroadcastContent((BroadcastVariant(RichText("Look")),), media=media), paid_stars=1)
    made = await mailing.bench.store.act(
        create_broadcast, order=order, author=BroadcastAuthor(api_key_id=1), expected=5
    )
    await mailing.turns()
    mailing.bench.clock.advance(30)
    assert len(await begin(mailing, 0, 9)) == 3
    assert await budget(mailing, made.broadcast.id) == StarsBudget(10, 9, "spent")


async def test_other_messages_are_not_paid_and_a_paused_broadcast_starts_no_call(mailing: Mailing) -> None:
    await mailing.people(4)
    await mailing.create("Free")
    await mailing.turns()
    assert await begin(mailing, 0, 9) == []
    paid = await mailing.create("Paid", paid_stars=1)
    await mailing.turns()
    await mailing.bench.store.act(
        lambda tx: tx.run("UPDATE broadcasts SET status = 'paused' WHERE id = :id", id=paid)
    )
    assert await begin(mailing, 0, 9) == []
    assert await budget(mailing, paid) == StarsBudget(10, 0)


@pytest.mark.parametrize(
    "off", [DeskRules(), DeskRules(paid_per_second=20), DeskRules(per_second=0, paid_per_second=99)]
)
async def test_a_budget_not_allowed_by_the_configuration_is_refused(mailing: Mailing, off: DeskRules) -> None:
    mailing.bench.store.rules = off
    with pytest.raises(BadInput) as refused:
        await mailing.create(paid_stars=5)
    assert refused.value.field == "paid_stars" and "paid_per_second" in refused.value.sentence()


async def in_one_second(mailing: Mailing, **order: Any) -> FakeWire:
    """What a sender begins while its clock goes on for a second."""
    await mailing.people(60)
    await mailing.create(**order)
    wire, steps = FakeWire(), 25
    moment = [100.0]
    sender = Sender(mailing.bench.store, render=render, gateway=wire, clock=lambda: moment[0])
    for _ in range(steps):
        await mailing.loop.tick()
        await sender.tick()
        moment[0] += 1 / steps
    return wire


async def test_a_sender_exceeds_the_free_pace_only_for_paying_broadcasts(mailing: Mailing) -> None:
    wire = await in_one_second(mailing)
    assert 25 <= len(wire.done) <= 30
    assert not any("allow_paid_broadcast" in call.params for call in wire.done)


async def test_a_sender_sends_a_paid_broadcast_to_all_at_once(mailing: Mailing) -> None:
    wire = await in_one_second(mailing, paid_stars=100)
    flagged = [call for call in wire.done if call.params.get("allow_paid_broadcast")]
    assert len(wire.done) == len(flagged) == 60
    spent = await budget(mailing, 1)
    assert spent is not None and 30 <= spent.spent < 60


def test_tenths_of_a_star_are_shown_as_people_write_them() -> None:
    assert [stars_text(tenths) for tenths in (0, 1, 10, 123)] == ["0", "0.1", "1", "12.3"]


async def test_a_broadcast_that_stopped_paying_waits_until_its_second_is_over(mailing: Mailing) -> None:
    await mailing.people(30)
    broadcast_id = await mailing.create(paid_stars=1)
    await mailing.turns()
    assert len(await begin(mailing, 2, 20)) == 12
    assert await budget(mailing, broadcast_id) == StarsBudget(10, 10, "spent")
    assert await begin(mailing, 5, 0) == [], "unflagged beside paid ones it would be refused"
    mailing.bench.clock.advance(1.5)
    later = await begin(mailing, 5, 0)
    assert len(later) == 5 and not any(map(is_flagged, later))


async def test_while_telegram_refuses_the_token_no_call_is_paid_for(mailing: Mailing) -> None:
    await mailing.people(150)
    await mailing.create(paid_stars=100)
    await mailing.turns()
    refused = error(401, "Unauthorized")
    wire, stop, store = FakeWire(), asyncio.Event(), mailing.bench.store
    wire.gate, wire.me = asyncio.Event(), refused
    wire.script.extend([refused] * 500)
    sender = Sender(store, render=render, gateway=wire)
    async with asyncio.TaskGroup() as group:
        group.create_task(sender.run(stop))
        await until(lambda: len(wire.calls) >= IN_FLIGHT_MOST - IN_FLIGHT_LEAST)
        wire.gate.set()
        await until(lambda: nothing_in_flight(store))
        stop.set()
    # one more round may have been under way when the first refusal came
    assert sender.outage.token and len(wire.calls) <= IN_FLIGHT_MOST + BATCH


async def nothing_in_flight(store: Store) -> bool:
    return not await store.read(in_flight.has_calls)
