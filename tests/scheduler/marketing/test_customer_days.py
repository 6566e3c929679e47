"""Quiet hours and the cap, checked when a call starts: on both engines, step by step."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from holdline.desk.customers.changes import change_customer
from holdline.desk.dialogs.transitions import pause_dialog
from holdline.desk.marketing import new_days
from holdline.desk.marketing.held import send_held
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound, outbound_status
from holdline.dialogs.event import SYSTEM
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.marketing.customer_days import QuietHours
from holdline.dialogs.marketing.source import MarketingSource
from holdline.dialogs.rules import DeskRules
from holdline.telegram.outcomes import Action
from tests.scheduler.conftest import ANNA, Bench, no, opened


@pytest.fixture
def rules(request: pytest.FixtureRequest) -> DeskRules:
    """As the test asks; quiet from 22 to 8 where it asks for nothing. The clock begins at midnight, UTC."""
    return DeskRules(**getattr(request, "param", {"quiet_hours": QuietHours(time(22), time(8))}))


_BOTH = (MessageClass.FUNNEL, MessageClass.BROADCAST)

capped = pytest.mark.parametrize("rules", [{"cap_per_day": 2}], indirect=True)
both = pytest.mark.parametrize(
    "rules", [{"cap_per_day": 1, "quiet_hours": QuietHours(time(22), time(8))}], indirect=True
)


async def offered(
    bench: Bench, words: str = "Only today", class_: MessageClass = MessageClass.FUNNEL, **more: Any
) -> int:
    source = MarketingSource(topic=more.pop("topic", None))
    order = OutboundRequest(ANNA.telegram_id, class_, words, source=source, **more)
    return int((await bench.store.act(accept_outbound, order=order))["id"])


async def waits(bench: Bench, item: int) -> tuple[str, str | None]:
    row = await bench.store.read(outbound_status, outbox_id=item)
    return row["status"], row["waits_for"]


async def changed(bench: Bench, **changes: Any) -> None:
    await bench.store.act(change_customer, actor=SYSTEM, customer_id=bench.anna.id, changes=changes)


@pytest.mark.row("M-08")
async def test_all_marketing_of_the_night_is_put_off_until_morning_together(bench: Bench) -> None:
    items = [await offered(bench, f"n{n}", expires_at=None) for n in range(3)]
    ends = await offered(bench, "ends", expires_at=bench.clock.now() + timedelta(hours=1))
    reply = await offered(bench, "reply", MessageClass.SMART_REPLY)
    (begun,) = await bench.begin()
    assert begun.outbox_id == reply, "an automatic answer does not wait"
    await bench.settle(begun)
    bench.clock.advance(2)
    assert await bench.begin() == []
    for item in items:
        assert await waits(bench, item) == ("queued", "quiet_hours")
    due = [
        row["due_at"]
        for row in await bench.all("SELECT due_at FROM outbox WHERE status = 'queued' ORDER BY id")
    ]
    assert [(moment.hour, moment.minute) for moment in due] == [(8, 0)] * 3 + [(1, 0)]
    bench.clock.advance(3600)
    assert await bench.begin() == []
    assert (await bench.item(ends))["status"] == "expired"
    bench.clock.advance(7 * 3600)
    assert await bench.drain(20) != []
    assert [await waits(bench, item) for item in items] == [("sent", None)] * 3


@pytest.mark.row("M-08")
async def test_another_time_zone_is_decided_again_at_once(bench: Bench) -> None:
    item = await offered(bench)
    assert await bench.begin() == []
    await changed(bench, timezone="Europe/Warsaw")  # one in the morning there
    assert await bench.begin() == []
    assert await waits(bench, item) == ("queued", "quiet_hours")
    assert (await bench.item(item))["due_at"].hour == 7
    await changed(bench, timezone="Asia/Tokyo")  # nine in the morning there
    (begun,) = await bench.begin()
    assert begun.outbox_id == item
    await bench.settle(begun)
    await changed(bench, timezone=None)
    later = await offered(bench)
    bench.clock.advance(2)
    assert await bench.begin() == []
    assert await waits(bench, later) == ("queued", "quiet_hours")


async def test_a_message_put_off_and_held_waits_for_both_to_end(bench: Bench) -> None:
    item = await offered(bench)
    assert await bench.begin() == []
    await opened(bench)
    await bench.drain(5)
    bench.clock.advance(9 * 3600)
    assert [begun.outbox_id for begun in await bench.begin()] == []
    assert (await waits(bench, item))[0] == "held"


@capped
@pytest.mark.row("M-08")
async def test_marketing_beyond_the_cap_waits_for_the_next_day(bench: Bench) -> None:
    funnels = [await offered(bench, f"f{n}", class_) for n in range(2) for class_ in _BOTH]
    reply = await offered(bench, "reply", MessageClass.SMART_REPLY)
    left = await bench.drain(30)
    assert len(left) == 3
    assert await waits(bench, reply) == ("sent", None)
    states = [await waits(bench, item) for item in funnels]
    assert sorted(map(str, states)) == sorted(
        map(str, [("sent", None)] * 2 + [("queued", "cap_per_day")] * 2)
    )
    bench.clock.advance(24 * 3600)
    assert len(await bench.drain(30)) == 2


@capped
async def test_a_message_sent_past_the_gate_counts_and_is_never_put_off(bench: Bench) -> None:
    dialog = await opened(bench)
    items = [await offered(bench, f"f{n}") for n in range(4)]
    for by_hand in items[:3]:
        await bench.store.act(send_held, manager=bench.maria, outbox_id=by_hand)
    await bench.drain(30)
    assert [await waits(bench, item) for item in items[:3]] == [("sent", None)] * 3
    await bench.store.act(pause_dialog, manager=bench.maria, dialog_id=dialog.id)
    await bench.drain(30)
    assert await waits(bench, items[3]) == ("queued", "cap_per_day")


@capped
async def test_two_funnels_at_once_do_not_pass_the_cap_together(bench: Bench) -> None:
    for n in range(5):
        await offered(bench, f"f{n}")
    first = await bench.begin()
    second = await bench.begin()
    assert (len(first), second) == (1, []), (
        "a chat has one call in flight, so each is counted before the next begins"
    )
    await bench.settle(first[0])
    assert len(await bench.drain(60)) == 1


@capped
async def test_an_undelivered_message_does_not_count_and_a_long_text_counts_once(bench: Bench) -> None:
    for words in ("refused", "x" * 5000, "short", "too much"):
        await offered(bench, words)
    (refused,) = await bench.begin()
    await bench.settle(refused, no(Action.PARK))
    assert len(await bench.drain(60)) == 3


@both
async def test_another_zone_moves_the_day_too(bench: Bench) -> None:
    await changed(bench, timezone="Asia/Tokyo")
    first, second = await offered(bench, "a"), await offered(bench, "b")
    assert len(await bench.drain(20)) == 1
    assert await waits(bench, first) == ("sent", None)
    assert await waits(bench, second) == ("queued", "cap_per_day")
    due = (await bench.item(second))["due_at"]
    assert (due.day, due.hour) == (1, 23), "eight in the morning in Tokyo"


async def test_a_claimed_message_is_not_started_after_the_customer_unsubscribes(bench: Bench) -> None:
    """The rows are chosen under the customer's lock, so that a no before it counts and one after it comes too late."""
    await changed(bench, timezone="Asia/Tokyo")
    plain, news = await offered(bench, "plain"), await offered(bench, "news", topic="news")
    await bench.store.act(lambda tx: tx.run("UPDATE customers SET opted_out_at = :at", at=tx.at))
    assert await bench.begin() == []
    assert await waits(bench, plain) == ("cancelled", None)
    assert await waits(bench, news) == ("cancelled", None)


async def test_a_message_of_a_topic_stopped_meanwhile_is_not_started(bench: Bench) -> None:
    await changed(bench, timezone="Asia/Tokyo", topics={"news": False})
    await changed(bench, topics={"news": True})
    news = await offered(bench, "news", topic="news")
    await bench.store.act(lambda tx: tx.run("UPDATE customer_topics SET wanted = 0"))
    assert await bench.begin() == []
    assert await waits(bench, news) == ("cancelled", None)


@pytest.mark.row("M-08")
async def test_changed_quiet_hours_are_applied_at_the_next_start(bench: Bench, monkeypatch: Any) -> None:
    """Whoever takes them out of the configuration need not wait for the morning."""
    monkeypatch.setattr(new_days, "_AT_ONCE", 2)
    items = [await offered(bench, f"n{n}") for n in range(3)]
    assert await bench.begin() == []
    await settle_days(bench)
    assert await bench.begin() == [], "the same hours change nothing"
    bench.store.rules = replace(bench.store.rules, quiet_hours=None)
    await settle_days(bench)
    assert len(await bench.drain(20)) == len(items)
    assert not await bench.store.read(new_days.have_days_changed)


async def settle_days(bench: Bench) -> None:
    """As the desk does at its start."""
    after: int | None = 0 if await bench.store.read(new_days.have_days_changed) else None
    while after is not None:
        after = await bench.store.act(new_days.decide_put_off_anew, after=after)
