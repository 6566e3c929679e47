"""A broadcast continues past a failing recipient, and past a clock that is set."""

from datetime import datetime

import pytest

from holdline.desk.broadcasts.feeding import feed_chunk
from holdline.desk.broadcasts.gathering import gather_chunk
from holdline.desk.broadcasts.moves import cancel_broadcast, pause_broadcast, resume_broadcast
from holdline.screens.render import render
from holdline.store.broadcasts import broadcasts
from holdline.store.invariants import find_violations
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.telegram.outcomes import Uncertain
from tests.scheduler.broadcasts.conftest import Mailing

TOO_LONG = ("Hi" + "{field.story|}" * 9, "y" * 1000, "8192")
NOTHING_LEFT = ("{field.story|Hi}", "\u200b", "")


@pytest.mark.row("M-07")
@pytest.mark.parametrize(("text", "value", "why"), [TOO_LONG, NOTHING_LEFT], ids=["too long", "nothing left"])
async def test_a_recipient_with_unsendable_values_delays_no_other(
    mailing: Mailing, text: str, value: str, why: str
) -> None:
    people = await mailing.people(5)
    odd = mailing.ids[people[2]]
    await mailing.bench.store.act(customers.set_fields, odd, fields_json={"story": value})
    broadcast_id = await mailing.create(text)
    reached = await mailing.deliver()
    assert [who for who, _ in reached] == [who for who in people if mailing.ids[who] != odd]
    figures = {"status": "done", "recipients": 5, "sent": 4, "failed": 1}
    assert await mailing.figures(broadcast_id) == figures
    (line,) = await mailing.lines(broadcast_id, "failed")
    assert line.customer_id == odd and line.reason and why in line.reason
    assert await mailing.bench.store.read(find_violations) == []


async def test_a_recipient_with_an_unknown_time_zone_gets_the_desks(mailing: Mailing) -> None:
    people = await mailing.people(3)
    await mailing.bench.store.act(customers.set_fields, mailing.ids[people[1]], time_zone="Mars/Base")
    await mailing.create(local_time=datetime(2026, 1, 1, 0, 0))
    assert sorted(who for who, _ in await mailing.deliver()) == people


@pytest.mark.parametrize("days", [1, 365])
async def test_a_recipient_gathered_with_a_clock_ahead_gets_the_message_now(
    mailing: Mailing, days: int
) -> None:
    people = await mailing.people(3)
    mailing.bench.clock.jump(days * 86_400)
    broadcast_id = await mailing.create()
    await mailing.bench.store.act(gather_chunk, broadcast_id=broadcast_id)
    mailing.bench.clock.jump(-days * 86_400)
    assert [who for who, _ in await mailing.deliver()] == people


async def test_a_call_in_flight_at_a_cancel_is_not_held_at_the_gate(mailing: Mailing) -> None:
    (who,) = await mailing.people(1)
    broadcast_id = await mailing.create()
    await mailing.turns(1)
    (begun,) = await mailing.bench.begin(render=render)
    await mailing.open(who)
    await mailing.bench.store.act(cancel_broadcast, broadcast_id=broadcast_id)
    await mailing.turns(1)
    await mailing.bench.settle(begun, Uncertain("the answer was lost"))
    item = await mailing.bench.item(begun.outbox_id)
    assert (item["status"], item["error"]) == ("cancelled", "broadcast_cancelled")


async def test_a_pause_during_feeding_delays_no_recipient_by_an_hour(
    mailing: Mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On PostgreSQL the pause of another process may be seen between two questions of one unit."""
    people = await mailing.people(3)
    broadcast_id = await mailing.create()
    await mailing.bench.store.act(gather_chunk, broadcast_id=broadcast_id)
    before = await mailing.bench.store.read(broadcasts.load, broadcast_id)
    await mailing.bench.store.act(pause_broadcast, broadcast_id=broadcast_id)

    def feed(tx: Tx) -> int:
        with monkeypatch.context() as then:
            then.setattr(broadcasts, "load", lambda tx, broadcast_id: before)
            return feed_chunk(tx, broadcast_id=broadcast_id, ahead=40)

    assert await mailing.bench.store.act(feed) == 0
    await mailing.bench.store.act(resume_broadcast, broadcast_id=broadcast_id)
    assert [who for who, _ in await mailing.deliver()] == people


@pytest.mark.row("M-07")
async def test_recipients_between_two_chunks_are_gathered_exactly_once(mailing: Mailing) -> None:
    people = await mailing.people(10)
    broadcast_id = await mailing.create()
    while await mailing.bench.store.act(gather_chunk, broadcast_id=broadcast_id, size=3):
        pass
    assert [line.customer_id for line in await mailing.lines(broadcast_id)] == [
        mailing.ids[who] for who in people
    ]
