"""Funnels in trouble: messages in parts, returned calls, failed transactions, a clock that is set."""

from datetime import timedelta

import pytest

from holdline.desk.customers.changes import change_customer
from holdline.desk.customers.customers import stop_marketing
from holdline.desk.delivery.delivery import expire_old
from holdline.desk.dialogs.transitions import pause_dialog
from holdline.desk.funnels.enrolments import leave_enrolment
from holdline.desk.funnels.moving import move_due, put_off
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.desk.webhooks.webhooks import add_webhook
from holdline.dialogs.event import SYSTEM
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.message import Content
from holdline.scheduler.funnels import recover_enrolments
from holdline.screens.render import render
from holdline.store.errors import UniqueConflict
from holdline.store.invariants import find_violations
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.telegram.outcomes import Action, RetryLater, Scope, Uncertain
from tests.scheduler.conftest import ANNA, no, opened
from tests.scheduler.funnels.kit import Runs

LONG = {"send": {"text": "Long" + "{field.story|}" * 9}}
WAIT, NEXT = {"wait": "5s"}, {"send": {"text": "next"}}
LOST, FLOOD = Uncertain("the answer was lost"), RetryLater("Too Many Requests", Scope.CHAT, 1, 429)
"""Nobody knows whether it arrived, and it surely did not."""


async def waiting(runs: Runs) -> list[int]:
    rows = await runs.bench.all(
        "SELECT id FROM outbox WHERE stream = 'marketing' AND status IN ('queued', 'sending') ORDER BY id"
    )
    return [row["id"] for row in rows]


async def in_parts(runs: Runs) -> None:
    """Anna's own value makes three messages of one."""
    await runs.bench.store.act(customers.set_fields, runs.bench.anna.id, fields_json={"story": "y" * 999})


@pytest.mark.row("M-04")
async def test_a_message_with_a_held_last_part_does_not_advance_the_funnel(runs: Runs) -> None:
    await in_parts(runs)
    await runs.enrol(await runs.funnel(LONG, WAIT, NEXT))
    (begun,) = await runs.bench.begin(render=render)
    await runs.bench.settle(begun)
    dialog = await opened(runs.bench)
    rest = await waiting(runs)
    runs.bench.clock.advance(1200)
    assert await recover_enrolments(runs.bench.store) == 0
    await runs.passes(10)
    assert await waiting(runs) == rest, "the next message waits beside the rest of the one before"
    assert await runs.bench.store.read(find_violations) == []
    await runs.bench.store.act(pause_dialog, manager=runs.bench.maria, dialog_id=dialog.id)
    await runs.passes(20)
    assert [text[:4] for text in runs.texts] == ["yyyy", "yyyy", "next"]
    assert runs.got[2][0] - runs.got[1][0] >= timedelta(seconds=5)


async def test_a_failed_part_ends_the_whole_funnel_message(runs: Runs) -> None:
    await in_parts(runs)
    await runs.enrol(await runs.funnel(LONG, WAIT, NEXT))
    (begun,) = await runs.bench.begin(render=render)
    await runs.bench.settle(begun, no(Action.PARK))
    assert await waiting(runs) == []
    await runs.passes(20)
    assert runs.texts == ["next"]
    assert await runs.bench.store.read(find_violations) == []


async def test_a_long_message_that_expires_ends_once(runs: Runs) -> None:
    expires = runs.bench.clock.now() + timedelta(seconds=30)
    order = OutboundRequest(ANNA.telegram_id, MessageClass.BROADCAST, "y" * 8000, expires_at=expires)
    await opened(runs.bench)
    await runs.bench.store.act(add_webhook, url="http://127.0.0.1/", events=["outbound.ended"], active=True)
    await runs.bench.store.act(accept_outbound, order=order)
    runs.bench.clock.advance(60)
    assert await runs.bench.store.act(expire_old) == 2
    ended = await runs.bench.all("SELECT id FROM webhook_deliveries")
    rows = await runs.bench.all("SELECT status, error FROM outbox WHERE class = 'broadcast'")
    assert (len(ended), {(row["status"], row["error"]) for row in rows}) == (1, {("expired", "expired")})


@pytest.mark.row("M-09")
@pytest.mark.parametrize("outcome", [LOST, FLOOD], ids=["lost", "later"])
@pytest.mark.parametrize("wish", ["stop", "leave"])
async def test_an_unwanted_message_returned_from_the_wire_is_not_held_at_the_gate(
    runs: Runs, wish: str, outcome: Uncertain | RetryLater
) -> None:
    enrolment = await runs.enrol(await runs.funnel({"send": {"text": "one"}}, NEXT))
    (begun,) = await runs.bench.begin(render=render)
    await opened(runs.bench)
    if wish == "stop":
        await runs.bench.store.act(stop_marketing, sender=ANNA, content=Content(tg_message_id=5))
    else:
        await runs.bench.store.act(leave_enrolment, enrolment_id=enrolment.id)
    await runs.bench.settle(begun, outcome)
    assert await waiting(runs) == []
    item = await runs.bench.item(begun.outbox_id)
    assert (item["status"], item["error"]) == ("cancelled", "opted_out" if wish == "stop" else "funnel_left")
    assert await runs.bench.store.read(find_violations) == []


@pytest.mark.row("M-09")
async def test_a_stop_word_during_a_wait_ends_the_enrolment_at_once(runs: Runs) -> None:
    """No message waits that could tell of it later."""
    enrolment = await runs.enrol(await runs.funnel({"send": {"text": "one"}}, {"wait": "60s"}, NEXT))
    await runs.passes(5)
    await runs.bench.store.act(stop_marketing, sender=ANNA, content=Content(tg_message_id=5))
    ended = await runs.now(enrolment)
    assert (ended.state, ended.reason, ended.next_at) == ("left", "opted_out", None)
    assert await runs.bench.store.read(find_violations) == []


async def test_a_message_uncertain_three_times_is_not_repeated_and_the_funnel_continues(runs: Runs) -> None:
    await runs.enrol(await runs.funnel({"send": {"text": "one"}}, NEXT))
    for _ in range(3):
        (begun,) = await runs.bench.begin(render=render)
        await runs.bench.settle(begun, LOST)
        runs.bench.clock.advance(10)
    assert (await runs.bench.item(begun.outbox_id))["status"] == "parked"
    await runs.passes(5)
    assert runs.texts == ["next"]


async def test_a_question_that_was_answered_is_not_asked_again(runs: Runs) -> None:
    """Telegram's answer was lost, the customer's was not."""
    funnel = await runs.funnel({"question": {"text": "Where?", "name": "city"}}, {"send": {"text": "Thanks"}})
    await runs.enrol(funnel)
    (begun,) = await runs.bench.begin(render=render)
    await runs.says("Gdynia")
    await runs.bench.settle(begun, LOST)
    assert await runs.bench.store.read(find_violations) == []
    await runs.passes(10)
    assert runs.texts == ["Thanks"]


async def test_a_transaction_that_failed_too_late_puts_off_no_enrolment(runs: Runs) -> None:
    await opened(runs.bench)
    enrolment = await runs.enrol(await runs.funnel({"send": {"text": "one"}}, WAIT, NEXT))
    await runs.passes(2)
    names = {"enrolment_id": enrolment.id, "customer_id": runs.bench.anna.id}
    await runs.bench.store.act(put_off, **names)
    await runs.sleeps(400)
    await runs.passes(10)
    assert len(await waiting(runs)) == 1
    assert (await runs.now(enrolment)).next_at is None


async def test_a_permanently_failing_enrolment_delays_no_other(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A unique index refuses it each time: that is a fault of the code, and no trouble that passes."""
    odd = await runs.enrol(await runs.funnel({"wait": "1s"}, {"send": {"text": "never"}}, name="Odd"))
    await runs.enrol(await runs.funnel({"wait": "1s"}, NEXT))

    def moves(tx: Tx, *, enrolment_id: int, customer_id: int) -> bool:
        if enrolment_id == odd.id:
            raise UniqueConflict("as ever")
        return move_due(tx, enrolment_id=enrolment_id, customer_id=customer_id)

    monkeypatch.setattr("holdline.scheduler.funnels.move_due", moves)
    monkeypatch.setattr("holdline.store.engine.FIRST_PAUSE_SECONDS", 0.0)
    await runs.passes(4)
    assert runs.texts == ["next"]
    assert (await runs.now(odd)).is_running


@pytest.mark.parametrize("days", [1, 365])
async def test_a_clock_that_was_ahead_makes_no_wait_longer(runs: Runs, days: int) -> None:
    runs.bench.clock.jump(86_400 * days)
    await runs.enrol(await runs.funnel({"send": {"text": "one"}}, {"wait": "60s"}, NEXT))
    await runs.passes(5)
    runs.bench.clock.jump(-86_400 * days)
    await runs.passes(58)
    assert runs.texts == ["one"]
    await runs.passes(10)
    assert runs.texts == ["one", "next"]


async def test_a_time_of_day_uses_the_current_clock(runs: Runs) -> None:
    """The bench begins at midnight, UTC."""
    runs.bench.clock.jump(5 * 3600)
    await runs.enrol(await runs.funnel({"send": {"text": "one"}}, {"until": "10:00"}, NEXT))
    await runs.passes(5)
    runs.bench.clock.jump(-5 * 3600)
    await runs.passes(1)
    runs.bench.clock.advance(5 * 3600)
    await runs.passes(5)
    assert runs.texts == ["one"], "it is five"
    runs.bench.clock.advance(5 * 3600)
    await runs.passes(5)
    assert runs.texts == ["one", "next"]


async def test_a_customer_in_a_new_time_zone_has_their_time_of_day_there(runs: Runs) -> None:
    await runs.enrol(await runs.funnel({"send": {"text": "one"}}, {"until": "10:00"}, NEXT))
    await runs.passes(5)
    words = {"actor": SYSTEM, "customer_id": runs.bench.anna.id, "changes": {"timezone": "America/New_York"}}
    await runs.bench.store.act(change_customer, **words)
    runs.bench.clock.advance(10 * 3600)
    await runs.passes(5)
    assert runs.texts == ["one"], "it is five in New York"
    runs.bench.clock.advance(5 * 3600)
    await runs.passes(5)
    assert runs.texts == ["one", "next"]


async def test_an_unknown_time_zone_in_a_funnel_is_replaced_by_the_desks(runs: Runs) -> None:
    """Told on another machine; words of the customer must not fail by it."""
    steps = ({"question": {"text": "Where?", "name": "city"}}, {"until": "10:00"}, NEXT)
    await runs.bench.store.act(customers.set_fields, runs.bench.anna.id, time_zone="Mars/Base")
    await runs.enrol(await runs.funnel(*steps))
    await runs.passes(5)
    await runs.says("Gdynia")
    runs.bench.clock.advance(10 * 3600)
    await runs.passes(5)
    assert runs.texts == ["Where?", "next"]
