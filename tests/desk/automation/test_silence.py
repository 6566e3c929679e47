"""A silent customer is warned, then the dialog closes by itself; any message meanwhile keeps it open."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from holdline.desk.automation.habits import change_habits
from holdline.desk.conversation.drafts import write_draft
from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.conversation.replies import write_in_dialog
from holdline.desk.conversation.scheduling import schedule_reply
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog, resume_dialog
from holdline.desk.reading import reading
from holdline.dialogs.closing import Closing
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import ClosedBefore
from holdline.scheduler.silence import follow_silences
from holdline.store.clock_steps import correct_stored_times
from holdline.store.dialogs import dialogs
from holdline.store.people import customers
from holdline.store.tx import Row, Tx
from tests.desk.conftest import ANNA, Desk, text

HOUR = 3600
DAY = 24 * HOUR


@pytest.fixture
async def answered(desk: Desk) -> Dialog:
    """Closes after three days, warned one day before; Anna asked, Maria has just answered."""
    await desk.store.act(change_habits, manager=None, changes={"close_after": "3d", "warn_before": "1d"})
    dialog = await desk.store.act(open_dialog, manager=desk.maria, opening=Opening(desk.anna.id, "Delivery"))
    await write(desk, "Where is it?", 1)
    await answer(desk, dialog)
    return dialog


async def write(desk: Desk, words: str, number: int) -> None:
    content = Content("text", words, chat_id=ANNA.telegram_id, tg_message_id=number)
    await desk.store.act(receive_customer_message, sender=ANNA, content=content)


async def answer(desk: Desk, dialog: Dialog, words: str = "On its way") -> None:
    await desk.store.act(write_in_dialog, manager=desk.maria, dialog_id=dialog.id, content=text(words))
    await send_all(desk)


async def send_all(desk: Desk) -> None:
    """Telegram takes everything that waits."""

    def work(tx: Tx) -> None:
        tx.run("UPDATE outbox SET status = 'sent', settled_at = :at WHERE status = 'queued'", at=tx.at)
        tx.run("UPDATE messages SET status = 'sent' WHERE status = 'queued'")

    await desk.store.act(work)


async def passes(desk: Desk, seconds: float) -> int:
    desk.store.clock.advance(seconds)
    done = await follow_silences(desk.store)
    await send_all(desk)
    return done


async def state(desk: Desk, dialog: Dialog) -> str:
    return (await desk.store.read(lambda tx: dialogs.by_id(tx, dialog.id))).state


async def history(desk: Desk, dialog: Dialog) -> list[dict[str, Any]]:
    return await desk.store.read(
        lambda tx: reading.history_of(tx, dialog_id=dialog.id, order="oldest", limit=50)
    )


async def said(desk: Desk, kind: str = "standard") -> list[Row]:
    rows = await desk.store.read(lambda tx: tx.all("SELECT * FROM outbox ORDER BY id"))
    return [row for row in rows if row["kind"] == kind]


async def test_warned_then_closed_with_the_rating_form_in_the_name_of_the_habit(
    desk: Desk, answered: Dialog
) -> None:
    assert await passes(desk, 2 * DAY - HOUR) == 0
    assert await passes(desk, HOUR) == 1
    (warning,) = [row for row in await said(desk) if row["payload_json"]["name"] == "silence_warning"]
    assert warning["chat_id"] == ANNA.telegram_id
    assert warning["payload_json"]["words"] == {"title": "Delivery", "id": answered.id, "hours": 24}
    assert await passes(desk, DAY - HOUR) == 0
    assert await state(desk, answered) == "active"
    assert await passes(desk, HOUR) == 1
    assert await state(desk, answered) == "closed"
    kinds = {entry["kind"]: entry["actor"] for entry in await history(desk, answered)}
    assert kinds["silence_warned"]["name"] == kinds["dialog_closed"]["name"] == "The customer’s silence"
    assert kinds["dialog_closed"]["kind"] == "rule"
    assert len(await said(desk, "rating_form")) == 1
    assert (await desk.store.read(lambda tx: customers.load(tx, desk.anna.id))).gate == "open"
    assert await passes(desk, 9 * DAY) == 0


async def test_while_the_habit_is_off_no_dialog_closes(desk: Desk, answered: Dialog) -> None:
    assert await passes(desk, 2 * DAY) == 1
    await desk.store.act(change_habits, manager=None, changes={"close_after": None})
    assert await passes(desk, 30 * DAY) == 0
    assert await state(desk, answered) == "active"


async def test_a_customers_answer_cancels_the_automatic_close(desk: Desk, answered: Dialog) -> None:
    assert await passes(desk, 2 * DAY) == 1
    await write(desk, "Still nothing", 2)
    assert (
        await passes(desk, 30 * DAY) == 0
    )  # the desk owes an answer: however long that takes, it never closes
    assert await state(desk, answered) == "active"
    await answer(desk, answered, "Now?")
    assert await passes(desk, DAY) == 0
    assert await passes(desk, DAY) == 1  # and the silence is counted anew, with a warning of its own
    assert await passes(desk, DAY) == 1
    assert await state(desk, answered) == "closed"


@pytest.mark.parametrize("what", ["reply", "pause", "scheduled", "draft"])
async def test_a_reply_of_the_desk_after_the_warning_keeps_the_dialog_open(
    desk: Desk, answered: Dialog, what: str
) -> None:
    assert await passes(desk, 2 * DAY) == 1
    if what == "reply":
        await answer(desk, answered, "One more thing")
    elif what == "pause":
        await desk.store.act(pause_dialog, manager=desk.maria, dialog_id=answered.id)
    elif what == "scheduled":
        later = desk.store.clock.now() + timedelta(days=9)
        words = {"content": text("Later"), "at": later}
        await desk.store.act(schedule_reply, manager=desk.maria, dialog_id=answered.id, **words)
    else:
        await desk.store.act(
            write_draft, manager=desk.ivan, dialog_id=answered.id, content=text("Is this right?")
        )
    assert await passes(desk, DAY) == 0
    assert await state(desk, answered) != "closed"


async def test_an_undelivered_warning_delays_the_close(desk: Desk, answered: Dialog) -> None:
    """Telegram was away: nobody is closed who had no day to answer."""
    desk.store.clock.advance(2 * DAY)
    assert await follow_silences(desk.store) == 1
    desk.store.clock.advance(DAY)
    assert await follow_silences(desk.store) == 0
    await send_all(desk)
    assert await passes(desk, DAY - HOUR) == 0
    assert await state(desk, answered) == "active"
    assert await passes(desk, HOUR) == 1
    assert await state(desk, answered) == "closed"


@pytest.mark.parametrize("outcome", ["parked", "cancelled", "expired"])
async def test_a_lost_warning_is_sent_once_more(desk: Desk, answered: Dialog, outcome: str) -> None:
    desk.store.clock.advance(2 * DAY)
    assert await follow_silences(desk.store) == 1
    await desk.store.act(
        lambda tx: tx.run("UPDATE outbox SET status = :end WHERE kind = 'standard'", end=outcome)
    )
    await send_all(desk)
    assert await passes(desk, DAY) == 0  # it is forgotten
    assert await passes(desk, HOUR) == 1
    warnings = [row for row in await said(desk) if row["payload_json"]["name"] == "silence_warning"]
    assert [row["status"] for row in warnings] == [outcome, "sent"]
    assert await passes(desk, DAY) == 1
    assert await state(desk, answered) == "closed"


async def test_a_warning_from_before_the_update_still_counts(desk: Desk, answered: Dialog) -> None:
    assert await passes(desk, 2 * DAY) == 1

    def as_before(tx: Tx) -> None:
        tx.run("UPDATE silence_warnings SET said_as = NULL")
        key = "'silence:' || dialog_id || ':' || (SELECT message_id FROM silence_warnings)"
        tx.run(f"UPDATE outbox SET key = {key}, status = 'expired' WHERE key LIKE 'silence:%'")

    await desk.store.act(as_before)
    assert await passes(desk, DAY) == 0
    assert await passes(desk, HOUR) == 1
    assert await state(desk, answered) == "active"


async def test_after_a_long_stop_the_customer_is_warned_first(desk: Desk, answered: Dialog) -> None:
    assert await passes(desk, 30 * DAY) == 1
    assert await state(desk, answered) == "active"
    assert await passes(desk, DAY) == 1
    assert await state(desk, answered) == "closed"


async def test_setting_the_clock_back_does_not_delay_the_close_for_years(
    desk: Desk, answered: Dialog
) -> None:
    desk.store.clock.jump(365 * DAY)
    assert await follow_silences(desk.store) == 1
    await send_all(desk)
    desk.store.clock.jump(-363 * DAY)
    await desk.store.act(correct_stored_times, -363 * DAY)
    await desk.store.act(lambda tx: tx.run("UPDATE outbox SET settled_at = :at", at=tx.at))
    assert await passes(desk, DAY - HOUR) == 0
    assert await passes(desk, HOUR + 60) == 1
    assert await state(desk, answered) == "closed"


async def test_silence_without_a_reply_of_the_desk_closes_nothing(desk: Desk, answered: Dialog) -> None:
    await desk.store.act(close_dialog, manager=desk.maria, dialog_id=answered.id, closing=Closing())
    quiet = await desk.store.act(open_dialog, manager=desk.maria, opening=Opening(desk.anna.id, "Quiet"))
    assert await passes(desk, 30 * DAY) == 0
    await write(desk, "Hello?", 5)
    assert await passes(desk, 30 * DAY) == 0
    assert await state(desk, quiet) == "active"


async def test_a_resumed_dialog_counts_the_messages_of_its_pause(desk: Desk, answered: Dialog) -> None:
    await desk.store.act(pause_dialog, manager=desk.maria, dialog_id=answered.id)
    await write(desk, "Written in the pause", 2)
    await desk.store.act(resume_dialog, manager=desk.maria, dialog_id=answered.id)
    assert await passes(desk, 30 * DAY) == 0


@pytest.mark.parametrize("first", ["customer", "timer"])
async def test_an_answer_at_the_moment_of_the_close_is_never_lost(
    desk: Desk, answered: Dialog, first: str
) -> None:
    """In the dialog that stays open, or in the Inbox behind one that was closed."""
    assert await passes(desk, 2 * DAY) == 1
    desk.store.clock.advance(DAY)
    both = (write(desk, "I am here", 2), follow_silences(desk.store))
    await asyncio.gather(*(both if first == "customer" else reversed(both)))
    (row,) = await desk.store.read(
        lambda tx: tx.all("SELECT dialog_id, inbox_item_id FROM messages WHERE text = 'I am here'")
    )
    if await state(desk, answered) == "active":
        assert row["dialog_id"] == answered.id
    else:
        assert row["inbox_item_id"] is not None


async def test_a_manager_and_the_timer_close_the_dialog_once(desk: Desk, answered: Dialog) -> None:
    assert await passes(desk, 2 * DAY) == 1
    desk.store.clock.advance(DAY)
    close = desk.store.act(close_dialog, manager=desk.maria, dialog_id=answered.id, closing=Closing())
    outcomes = await asyncio.gather(close, follow_silences(desk.store), return_exceptions=True)
    assert [type(each) for each in outcomes if isinstance(each, Exception)] in ([], [ClosedBefore])
    assert [entry["kind"] for entry in await history(desk, answered)].count("dialog_closed") == 1
    assert await follow_silences(desk.store) == 0
