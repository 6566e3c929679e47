"""A broadcast respects each customer's local time and their consent to its topic."""

from dataclasses import replace
from datetime import time
from math import ceil

import pytest

from holdline.desk.customers.changes import change_customer
from holdline.desk.marketing import new_days
from holdline.dialogs.event import SYSTEM
from holdline.dialogs.marketing.customer_days import QuietHours
from holdline.dialogs.rules import DeskRules
from holdline.screens.render import render
from tests.scheduler.broadcasts.conftest import Mailing
from tests.scheduler.marketing.test_customer_days import settle_days


@pytest.fixture
def rules() -> DeskRules:
    """The clock begins at midnight, UTC."""
    return DeskRules(quiet_hours=QuietHours(time(22), time(8)))


@pytest.mark.row("M-08")
async def test_a_recipient_in_quiet_hours_waits_until_their_own_morning(mailing: Mailing) -> None:
    here, far, moves = await mailing.people(3)
    store = mailing.bench.store

    async def lives_in(who: int, zone: str) -> None:
        customer_id = mailing.ids[who]
        await store.act(change_customer, actor=SYSTEM, customer_id=customer_id, changes={"timezone": zone})

    await lives_in(far, "Asia/Tokyo")
    broadcast_id = await mailing.create()
    assert [who for who, _ in await mailing.deliver()] == [far]
    assert await mailing.figures(broadcast_id) == {
        "status": "sending",
        "recipients": 3,
        "sent": 1,
        "waiting": 2,
    }
    assert {line.reason for line in await mailing.lines(broadcast_id, "waiting")} == {"quiet_hours"}
    progress = await mailing.progress(broadcast_id)
    assert (progress.count_put_off("quiet_hours"), progress.quiet_until) == (2, time(8))
    (night,), now = progress.put_off, mailing.bench.clock.now()
    assert progress.eta_seconds == ceil((night.until - now).total_seconds() + 2 / 30)
    await lives_in(moves, "Asia/Tokyo")
    assert [who for who, _ in await mailing.deliver()] == [moves]
    mailing.bench.clock.advance(8 * 3600)
    assert [who for who, _ in await mailing.deliver()] == [here]
    assert (await mailing.figures(broadcast_id))["status"] == "done"
    assert (await mailing.progress(broadcast_id)).put_off == ()


@pytest.mark.row("M-08")
async def test_changed_quiet_hours_apply_to_recipients_already_put_off(
    mailing: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They wait beside the outbox, so that what lies there alone is not enough."""
    monkeypatch.setattr(new_days, "_RECIPIENTS_AT_ONCE", 2)
    people, store = await mailing.people(3), mailing.bench.store
    broadcast_id = await mailing.create()
    assert await mailing.deliver() == []
    store.rules = replace(store.rules, quiet_hours=QuietHours(time(23), time(8)))
    await settle_days(mailing.bench)
    assert await mailing.deliver() == [], "it is quiet by the new hours too"
    store.rules = replace(store.rules, quiet_hours=QuietHours(time(12), time(13)))
    await settle_days(mailing.bench)
    assert (await mailing.progress(broadcast_id)).put_off == ()
    assert sorted(who for who, _ in await mailing.deliver()) == sorted(people)
    assert (await mailing.figures(broadcast_id))["status"] == "done"


async def test_messages_in_the_outbox_at_night_count_too(mailing: Mailing) -> None:
    """Fed just before ten in the evening, begun just after."""
    first, second = await mailing.people(2)
    mailing.bench.clock.advance(22 * 3600 - 1)
    broadcast_id = await mailing.create()
    await mailing.turns(1)
    mailing.bench.clock.advance(2)
    assert await mailing.bench.begin(render=render) == []
    progress = await mailing.progress(broadcast_id)
    assert progress.figures.waiting == progress.count_put_off("quiet_hours") == 2
    await mailing.open(second)
    progress = await mailing.progress(broadcast_id)
    assert (progress.figures.held, progress.count_put_off("quiet_hours")) == (1, 1)
    assert first


@pytest.mark.row("M-08")
async def test_a_broadcast_by_local_time_follows_a_changed_time_zone(mailing: Mailing) -> None:
    """At nine by each clock; the desk is in UTC, and it is midnight there."""
    east, west, back = await mailing.people(3)
    store, clock = mailing.bench.store, mailing.bench.clock

    async def moves(who: int, zone: str | None) -> None:
        customer_id = mailing.ids[who]
        await store.act(change_customer, actor=SYSTEM, customer_id=customer_id, changes={"timezone": zone})

    await moves(back, "Asia/Tokyo")
    clock.advance(1)
    today = clock.now().replace(hour=9, minute=0, second=0, tzinfo=None)
    broadcast_id = await mailing.create(local_time=today)
    await mailing.turns(2)
    assert await mailing.deliver() == [(back, "Our sale has begun")], "it is nine in Tokyo"
    await moves(east, "Asia/Tokyo")
    assert [who for who, _ in await mailing.deliver()] == [east]
    await moves(west, "America/New_York")
    clock.advance(9 * 3600)
    assert await mailing.deliver() == [], "four in the morning there"
    await moves(west, None)
    assert [who for who, _ in await mailing.deliver()] == [west]
    assert (await mailing.figures(broadcast_id))["status"] == "done"


@pytest.mark.row("M-09")
async def test_a_customer_who_unsubscribed_from_the_topic_does_not_get_the_broadcast(
    mailing: Mailing,
) -> None:
    first, second = await mailing.people(2)
    changes = {"timezone": "Asia/Tokyo", "topics": {"news": False}}
    for who in (first, second):
        customer_id = mailing.ids[who]
        await mailing.bench.store.act(
            change_customer,
            actor=SYSTEM,
            customer_id=customer_id,
            changes=changes if who == first else {"timezone": "Asia/Tokyo"},
        )
    broadcast_id = await mailing.create(topic="news")
    assert [who for who, _ in await mailing.deliver()] == [second]
    assert (await mailing.figures(broadcast_id))["status"] == "done"
