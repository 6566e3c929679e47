"""The clock is set: it costs at most the pause of one message, and nothing is sent twice because of it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.ratings import record_rating
from holdline.desk.dialogs.transitions import close_dialog
from holdline.desk.health import readiness
from holdline.desk.notices.mails import take_due_mails
from holdline.desk.notices.subscriptions import send_digests
from holdline.dialogs.closing import Closing
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.decisions.rule import Conditions, Rule
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.outbox.notifications import REST
from holdline.dialogs.rules import DeskRules
from holdline.scheduler.leadership import Leadership, SecondInstance
from holdline.scheduler.sender import Sender
from holdline.store.automation import desk_rules
from holdline.store.clock import ManualClock
from holdline.store.delivery import mails
from holdline.store.dialogs import places
from holdline.store.engine import Store
from holdline.store.engines import leases
from holdline.store.intake import inbox, inbox_jobs
from holdline.store.intake.inbox import ReceivedUpdate
from holdline.store.invariants import find_violations
from holdline.store.people import notifications
from holdline.store.tx import Tx
from holdline.telegram.outcomes import RetryLater, Scope
from tests.scheduler.conftest import ANNA, DESK, GROUP, Bench, plain_render
from tests.scheduler.test_sender import until
from tests.scheduler.wire import FakeWire

STEPS = pytest.mark.parametrize("step", [60, 3600, 365 * 86_400], ids=["a minute", "an hour", "a year"])
FLOOD = RetryLater("Too Many Requests", Scope.CHAT, 30, 429)


@pytest.fixture
def wire() -> FakeWire:
    return FakeWire()


@pytest.fixture
def sender(bench: Bench, wire: FakeWire) -> Sender:
    return Sender(bench.store, render=plain_render, gateway=wire, clock=bench.clock.monotonic)


@pytest.fixture(params=["the same process", "a restart"])
async def after(request: pytest.FixtureRequest, bench: Bench, store_url: str) -> AsyncIterator[Bench]:
    """The desk after the step: as it runs, or started anew, when nobody has seen the step."""
    if request.param == "the same process":
        yield bench
        return
    again = Store(store_url, bot_id=bench.store.bot_id, rules=DeskRules(), clock=bench.clock)
    await again.start()
    yield Bench(again, bench.clock, bench.anna, bench.maria)
    await again.close()


async def leaves(bench: Bench, seconds: float) -> list[str]:
    """What leaves within so many seconds, in order."""
    return await bench.drain(seconds)


@STEPS
async def test_after_a_clock_change_sending_continues_within_one_pause(
    bench: Bench, after: Bench, step: int
) -> None:
    await bench.add("to her")
    for one in range(5):
        await bench.add(f"to the group {one}", **DESK)
    await leaves(bench, 3)
    bench.clock.jump(-step)
    await after.add("answer")
    await after.add("card", **DESK)
    assert set(await leaves(after, 2)) == {"answer", "card"}


@STEPS
async def test_waiting_messages_are_sent_before_later_ones(bench: Bench, after: Bench, step: int) -> None:
    for name in ("one", "two", "three"):
        await bench.add(name)
    assert await leaves(bench, 0.5) == ["one"]
    bench.clock.jump(-step)
    await after.add("four")
    assert await leaves(after, 5) == ["two", "three", "four"]


async def test_after_a_clock_change_a_wait_restarts_with_its_length(bench: Bench, after: Bench) -> None:
    await bench.add("in ten", due_at=bench.clock.now() + timedelta(seconds=10))
    bench.clock.jump(-3600)
    assert await leaves(after, 9) == []
    assert await leaves(after, 2) == ["in ten"]


async def test_after_a_clock_change_a_flood_is_waited_for_and_no_longer(bench: Bench, after: Bench) -> None:
    await bench.store.act(leases.seize, "sender", "me", seconds=15)
    for number in (600, 601):
        await bench.add(f"to {number}", chat_id=number, customer_id=None)
    for one in await bench.begin():
        await bench.settle(one, FLOOD)
    bench.clock.jump(-3600)
    assert await leaves(after, 29) == []
    assert set(await leaves(after, 4)) == {"to 600", "to 601"}


async def test_a_call_of_a_dead_process_is_not_waited_for_longer_than_calls_last(
    bench: Bench, after: Bench
) -> None:
    await bench.add("lost")
    await bench.begin()
    bench.clock.jump(-3600)
    wire = FakeWire()
    sender = Sender(after.store, render=plain_render, gateway=wire, clock=bench.clock.monotonic)
    await after.add("other", chat_id=77, customer_id=None)
    bench.clock.advance(91)
    await sender.reap()
    for _ in range(6):
        await sender.tick()
        bench.clock.advance(1)
    assert "lost" in wire.texts


async def test_an_update_that_failed_is_tried_again(bench: Bench, after: Bench) -> None:
    received = ReceivedUpdate(update_id=5, ordering_key=7, raw="{}")
    await bench.store.act(inbox.put, [received])
    claimed = await bench.store.act(inbox_jobs.claim_next, limit=4)
    await bench.store.act(inbox.record_failure, claimed.runs[0][0], "no")
    bench.clock.jump(-3600)
    await after.add("anything")
    bench.clock.advance(max(inbox.RETRY_SECONDS))
    assert len((await after.store.act(inbox_jobs.claim_next, limit=4)).runs) == 1


async def test_after_a_clock_change_letters_and_notifications_wait_no_longer_than_messages(
    bench: Bench, after: Bench
) -> None:
    dialog = await bench.store.act(open_dialog, manager=bench.maria, opening=Opening(bench.anna.id, "Parcel"))

    def written(tx: Tx, topic: str) -> None:
        notifications.insert(
            tx, manager_id=bench.maria.id, dialog_id=dialog.id, channel="telegram", topic=topic, words={}
        )

    await bench.store.act(written, "assigned")
    bench.clock.advance(60)
    assert await bench.store.act(send_digests) == 1
    await bench.store.act(written, "assigned")
    tried, _ = [
        await bench.store.act(mails.insert, to_address=address, subject="x", body="x")
        for address in ("tried@example.org", "new@example.org")
    ]
    await bench.store.act(
        lambda tx: tx.run("UPDATE mails SET created_at = 0, due_at = due_at + 5 WHERE id = :id", id=tried)
    )
    bench.clock.jump(-365 * 86_400)
    await after.add("anything")
    assert len(await after.store.act(take_due_mails)) == 2
    bench.clock.advance(REST.total_seconds())
    assert await after.store.act(send_digests) == 1


async def test_after_a_clock_change_a_rule_on_silence_waits_its_length(bench: Bench, after: Bench) -> None:
    def written(tx: Tx) -> None:
        rule = desk_rules.insert(tx, Rule(0, "Silence", "no_reply", Conditions(after="10m"), ()))
        desk_rules.wait_for_silence(
            tx, rule.id, customer_id=bench.anna.id, dialog_id=None, due_at=tx.at + rule.silence
        )

    await bench.store.act(written)
    bench.clock.jump(-3600)
    await after.add("anything")
    bench.clock.advance(599)
    assert await after.store.read(desk_rules.next_due) is None
    bench.clock.advance(1)
    assert await after.store.read(desk_rules.next_due) is not None


async def test_after_a_clock_change_a_topic_waits_only_its_usual_interval_to_be_renamed(
    bench: Bench, after: Bench
) -> None:
    now = bench.clock.now()

    def named(tx: Tx) -> None:
        place = places.insert(tx, chat_id=GROUP, dialog_id=None, mode="with_header", name="x")
        tx.run("UPDATE places SET named_at = :at WHERE id = :id", at=now, id=place["id"])

    await bench.store.act(named)
    bench.clock.jump(-3600)
    await after.add("anything")
    assert (await after.one("SELECT named_at FROM places"))["named_at"] == after.clock.now()


async def test_the_probe_and_the_doctor_report_a_clock_change(bench: Bench, after: Bench) -> None:
    await bench.add("to her")
    await leaves(bench, 1)
    bench.clock.jump(-3600)
    found = [rule.name for rule in await after.store.read(find_violations)]
    assert "moments_of_this_clock" in found
    await after.add("anything")
    (note,) = await after.store.read(readiness.notes)
    assert "put back by 3," in note
    assert "moments_of_this_clock" not in [rule.name for rule in await after.store.read(find_violations)]
    after.clock.advance(3601)
    assert await after.store.read(readiness.notes) == []


async def test_a_rating_is_after_the_close_although_the_clock_was_put_back(
    bench: Bench, after: Bench
) -> None:
    """The order is that of history: two stored times say nothing if the clock was set between them."""
    dialog = await bench.store.act(open_dialog, manager=bench.maria, opening=Opening(bench.anna.id, "Parcel"))
    form = Closing(send_rating_form=True)
    await bench.store.act(close_dialog, manager=bench.maria, dialog_id=dialog.id, closing=form)
    bench.clock.jump(-3600)
    (row,) = await after.store.read(lambda tx: tx.all("SELECT token FROM ratings"))
    tap = {"telegram_id": ANNA.telegram_id, "token": row["token"], "value": 3}
    assert await after.store.act(record_rating, **tap) == "counts"
    found = [rule.name for rule in await after.store.read(find_violations)]
    assert "rating_is_the_customers" not in found


async def test_without_a_clock_change_nothing_is_recorded(bench: Bench, after: Bench) -> None:
    for hours in (0, 1, 30):
        bench.clock.advance(3600 * hours)
        await after.add(f"message {hours}")
        await leaves(after, 2)
    assert await after.store.read(readiness.notes) == []


async def test_a_call_in_flight_is_not_repeated_when_the_clock_jumps_forward(
    bench: Bench, sender: Sender, wire: FakeWire
) -> None:
    item = await bench.add("hello")
    wire.gate = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(sender.tick())
        await until(lambda: len(wire.calls) == 1)
        bench.clock.jump(7200)
        assert await sender.reap() == 0
        wire.gate.set()
    assert (await bench.item(item))["status"] == "sent" and await sender.tick() == 0
    (note,) = await bench.store.read(readiness.notes)
    assert "put forward by 7,200 s" in note


async def test_a_standby_does_not_replace_a_living_leader_when_the_clock_jumps_forward(
    bench: Bench, store_url: str
) -> None:
    other = Store(store_url, bot_id=bench.store.bot_id, rules=DeskRules(), clock=bench.clock)
    await other.start()
    first, second = Leadership(bench.store, "sender"), Leadership(other, "sender")
    await first.take()
    with pytest.raises(SecondInstance):
        await second.take()
    bench.clock.jump(7200)
    with pytest.raises(SecondInstance):
        await second.take()
    await first.renew()
    await first.release()
    await other.close()


async def test_the_lease_of_a_dead_process_ends_although_the_clock_was_put_back(
    store: Store, clock: ManualClock
) -> None:
    await store.act(leases.seize, "sender", "a dead one", seconds=leases.LEASE_SECONDS)
    clock.jump(-3600)
    await store.act(lambda tx: None)
    lease = await store.read(leases.current, "sender")
    assert lease is not None and lease["expires_at"] <= clock.now() + timedelta(seconds=leases.LEASE_SECONDS)


async def test_a_row_of_an_earlier_version_waits_no_longer_than_any_pause(bench: Bench, after: Bench) -> None:
    """Rows that an earlier version wrote do not say when they were written."""
    await bench.add("hello", MessageClass.MANAGER)
    await bench.store.act(
        lambda tx: tx.run(
            "UPDATE chats SET paused_at = NULL, not_before_at = :far WHERE chat_id = :chat",
            far=tx.at + timedelta(days=365),
            chat=ANNA.telegram_id,
        )
    )
    bench.clock.jump(-2)
    await after.add("more", chat_id=77, customer_id=None)
    assert set(await leaves(after, 3)) == {"hello", "more"}
