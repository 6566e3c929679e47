"""The window after a restore names some items of each kind that waits for customers."""

from datetime import timedelta

from holdline.desk.conversation.scheduling import schedule_reply
from holdline.desk.restores.hold import current_hold, hold_restored
from holdline.desk.restores.summary import describe_hold
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.message import Content
from holdline.screens.restores.restore_window import restore_screen
from tests.scheduler.broadcasts.conftest import Mailing, mailing
from tests.scheduler.conftest import opened
from tests.scheduler.funnels.conftest import runs
from tests.scheduler.funnels.kit import Runs

__all__ = ["mailing", "runs"]


async def test_a_scheduled_reply_and_a_broadcast_are_named_beside_messages(mailing: Mailing) -> None:
    bench = mailing.bench
    dialog = await opened(bench)
    at = bench.clock.now() + timedelta(minutes=2)
    content = Content(text="Your refund is on its way")
    await bench.store.act(schedule_reply, manager=bench.maria, dialog_id=dialog.id, content=content, at=at)
    await mailing.people(9)
    begun = await mailing.create("Our sale ends today")
    await mailing.turns()
    due = await mailing.create("Winter prices", starts_at=at)
    await bench.add("offer", MessageClass.BROADCAST, payload={"text": "offer"})
    bench.clock.advance(300)
    await bench.store.act(hold_restored)
    shown = (await bench.store.read(restore_screen, bench.maria)).text
    assert f"📣 Broadcast: #{begun} · Our sale ends today" in shown
    assert f"📣 Broadcast: #{due} · Winter prices" in shown
    assert shown.count("Our sale ends today") == 1, "its messages are not named beside it"
    assert f"#{dialog.id} " in shown and "Maria: “Your refund is on its way”" in shown
    assert shown.count("📣 Broadcast:") == 3, shown


async def test_a_funnel_whose_step_was_due_is_named(runs: Runs) -> None:
    await runs.enrol(await runs.funnel({"send": {"text": "One"}}, {"wait": "1h"}, {"send": {"text": "Two"}}))
    await runs.passes(10)
    await runs.sleeps(3600)
    await runs.bench.store.act(hold_restored)
    assert "📣 Funnel:" in (await runs.bench.store.read(restore_screen, runs.bench.maria)).text


async def test_the_summary_of_held_items_does_not_claim_that_a_notice_was_sent(mailing: Mailing) -> None:
    hold = await mailing.bench.store.act(hold_restored)
    assert hold == await mailing.bench.store.read(current_hold)
    assert "has sent" not in describe_hold(hold)
    assert "while the desk runs, in the notice" in describe_hold(hold)
