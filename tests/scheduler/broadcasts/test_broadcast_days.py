"""A broadcast keeps to each customer's own clock, and to what they have said of its topic."""

from datetime import time

import pytest

from holdline.desk.customers.changes import change_customer
from holdline.dialogs.event import SYSTEM
from holdline.dialogs.marketing.customer_days import QuietHours
from holdline.dialogs.rules import DeskRules
from tests.scheduler.broadcasts.conftest import Mailing


@pytest.fixture
def rules() -> DeskRules:
    """The clock begins at midnight, UTC."""
    return DeskRules(quiet_hours=QuietHours(time(22), time(8)))


@pytest.mark.row("M-08")
async def test_who_sleeps_is_waiting_until_their_own_morning(mailing: Mailing) -> None:
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
    await lives_in(moves, "Asia/Tokyo")
    assert [who for who, _ in await mailing.deliver()] == [moves]
    mailing.bench.clock.advance(8 * 3600)
    assert [who for who, _ in await mailing.deliver()] == [here]
    assert (await mailing.figures(broadcast_id))["status"] == "done"


@pytest.mark.row("M-09")
async def test_who_stopped_its_topic_does_not_get_it(mailing: Mailing) -> None:
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
