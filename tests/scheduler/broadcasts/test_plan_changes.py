"""Time and audience of a broadcast that has not started; a change races with the start."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from holdline.desk.broadcasts.moves import pause_broadcast, resume_broadcast
from holdline.desk.broadcasts.plan_changes import PlanChange, change_plan
from holdline.dialogs.broadcasts.audience_filter import AudienceFilter
from holdline.dialogs.broadcasts.broadcast import BroadcastStarted
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.richtext import RichText
from holdline.store.broadcasts import broadcasts
from holdline.store.people import customers
from tests.scheduler.broadcasts.conftest import Mailing

VIPS = AudienceFilter(tags=("vip",))


async def change(mailing: Mailing, broadcast_id: int, **fields: Any) -> str:
    changed = await mailing.bench.store.act(
        change_plan, broadcast_id=broadcast_id, change=PlanChange(**fields)
    )
    return changed.broadcast.status.value


async def scheduled(mailing: Mailing, hours: float = 2, **more: Any) -> int:
    return await mailing.create(starts_at=mailing.bench.clock.now() + timedelta(hours=hours), **more)


@pytest.mark.row("M-05")
async def test_a_rescheduled_broadcast_reaches_the_new_audience_with_the_new_text(
    mailing: Mailing,
) -> None:
    first, _ = await mailing.people(2)
    await mailing.tag(first, "vip")
    broadcast_id = await scheduled(mailing)
    later = mailing.bench.clock.now() + timedelta(hours=4)
    assert (
        await change(
            mailing, broadcast_id, starts_at=later, audience=VIPS, expected=1, words=[RichText("For you")]
        )
        == "scheduled"
    )
    assert (await mailing.figures(broadcast_id))["recipients"] == 1
    mailing.bench.clock.advance(3 * 3600)
    assert await mailing.deliver() == []
    mailing.bench.clock.advance(3600)
    assert await mailing.deliver() == [(first, "For you")]
    assert (await mailing.progress(broadcast_id)).change is None


async def test_a_broadcast_may_be_changed_to_start_at_once_or_by_local_time(mailing: Mailing) -> None:
    people = await mailing.people(1)
    broadcast_id, now = await scheduled(mailing), mailing.bench.clock.now()
    assert await change(mailing, broadcast_id, local_time=datetime(2096, 1, 2, 10)) == "scheduled"
    broadcast = (await mailing.progress(broadcast_id)).broadcast
    assert broadcast.local_time == datetime(2096, 1, 2, 10) and broadcast.starts_at.year == 2096
    assert await change(mailing, broadcast_id, starts_at=now) == "sending"
    assert (await mailing.progress(broadcast_id)).broadcast.local_time is None
    assert [who for who, _ in await mailing.deliver()] == people


async def test_a_time_that_everybody_has_passed_is_refused_new_or_changed(mailing: Mailing) -> None:
    """It is twenty past eight in the evening at the desk, in UTC, and three in the afternoon in New York."""
    east, _, west = await mailing.people(3)
    for who, zone, language in ((east, "Asia/Tokyo", "pl"), (west, "America/New_York", "en")):
        fields = {"time_zone": zone, "language": language}
        await mailing.bench.store.act(customers.set_fields, mailing.ids[who], **fields)
    clock = mailing.bench.clock
    evening = (clock.now() + timedelta(days=1)).replace(hour=20, minute=20, second=0)
    clock.advance((evening - clock.now()).total_seconds())
    waiting = await scheduled(mailing)
    now = evening.replace(tzinfo=None)
    ten, five = now.replace(hour=10), now.replace(hour=17)
    refused: list[tuple[dict[str, Any], datetime]] = [
        ({}, ten),
        ({"audience": AudienceFilter(language="pl")}, five),
    ]
    for narrowed, moment in refused:
        with pytest.raises(BadInput) as new:
            await mailing.create(local_time=moment, **narrowed)
        with pytest.raises(BadInput) as changed:
            await change(mailing, waiting, local_time=moment, **narrowed)
        for one in (new.value, changed.value):
            assert one.field == "local_at" and "passed for everybody" in one.sentence()
    nobody = AudienceFilter(language="de")
    taken: list[tuple[dict[str, Any], datetime]] = [({}, five), ({}, now), ({"audience": nobody}, ten)]
    for narrowed, moment in taken:
        await mailing.create(local_time=moment, **narrowed)
    assert await change(mailing, waiting, local_time=five) == "sending", "still ahead in New York"


async def test_a_changed_paused_broadcast_stays_paused_until_it_is_resumed(mailing: Mailing) -> None:
    await mailing.people(1)
    broadcast_id = await scheduled(mailing)
    await mailing.bench.store.act(pause_broadcast, broadcast_id=broadcast_id)
    mailing.bench.clock.advance(3 * 3600)
    assert await change(mailing, broadcast_id, audience=VIPS, expected=0) == "paused", "its moment is over"
    moment = mailing.bench.clock.now() + timedelta(hours=1)
    assert await change(mailing, broadcast_id, starts_at=moment) == "paused"
    resumed = await mailing.bench.store.act(resume_broadcast, broadcast_id=broadcast_id)
    assert resumed.broadcast.status == "scheduled"


@pytest.mark.parametrize(
    ("hours", "field"),
    [({"starts_at": -1}, "at"), ({"starts_at": 6}, "expires_at"), ({"expires_at": 1}, "expires_at")],
)
async def test_an_unsuitable_start_time_is_refused_and_changes_nothing(
    mailing: Mailing, hours: dict[str, int], field: str
) -> None:
    now = mailing.bench.clock.now()
    broadcast_id = await scheduled(mailing, expires_at=now + timedelta(hours=5))
    before = await mailing.progress(broadcast_id)
    moments = {name: now + timedelta(hours=number) for name, number in hours.items()}
    with pytest.raises(BadInput) as refused:
        await change(mailing, broadcast_id, audience=VIPS, **moments)
    assert refused.value.field == field
    assert await mailing.progress(broadcast_id) == before


@pytest.mark.parametrize("status", ["sending", "paused", "done", "cancelled"])
async def test_a_change_after_the_start_is_refused_with_the_remedy(mailing: Mailing, status: str) -> None:
    await mailing.people(1)
    broadcast_id = await mailing.create()
    await mailing.turns(1)
    await mailing.bench.store.act(broadcasts.set_fields, broadcast_id, status=status)
    with pytest.raises(BroadcastStarted) as refused:
        await change(mailing, broadcast_id, audience=VIPS)
    assert refused.value.allowed == (await mailing.progress(broadcast_id)).broadcast.allowed
    assert str(broadcast_id) in refused.value.sentence() and "new one" in refused.value.sentence()


async def test_a_simultaneous_change_and_start_have_one_result(mailing: Mailing) -> None:
    """Ten times both at the same moment: either it is refused and everybody gets it, or nobody does."""
    store, clock = mailing.bench.store, mailing.bench.clock
    await mailing.people(1)
    for _ in range(10):
        broadcast_id = await scheduled(mailing, hours=1)
        clock.advance(3600)
        moved = change(mailing, broadcast_id, starts_at=clock.now() + timedelta(days=9))
        outcome, _ = await asyncio.gather(moved, store.act(broadcasts.start_due), return_exceptions=True)
        status = (await mailing.progress(broadcast_id)).broadcast.status
        assert (outcome, status) == ("scheduled", "scheduled") or (
            isinstance(outcome, BroadcastStarted) and status == "sending"
        )
        await store.act(broadcasts.set_fields, broadcast_id, status="cancelled", ended_at=clock.now())
