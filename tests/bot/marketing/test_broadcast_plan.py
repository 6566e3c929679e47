"""The card of a broadcast that waits for its time changes the time and the audience; later it says who waits and
presses.
"""

from dataclasses import replace
from datetime import time

import pytest

from holdline.desk.broadcasts.cards import redraw_live_cards
from holdline.desk.customers.presses import record_button_press
from holdline.desk.people.staff import add_manager
from holdline.dialogs.marketing.customer_days import QuietHours
from holdline.scheduler.broadcast_loop import BroadcastLoop
from holdline.store.broadcasts import broadcasts, recipient_lists
from holdline.store.clock import ManualClock
from tests.bot.desk_kit import Said, Staff
from tests.bot.marketing.test_broadcast_card import sent
from tests.bot.marketing.test_broadcast_form import composed, made, press, staff
from tests.bot.staging import ANNA, IVAN, manager

__all__ = ["staff"]

SCHEDULED = [
    "cast:1:pause",
    "cast:1:cancel?",
    "cast:1:when",
    "cast:1:audience",
    "cast:1:edit",
    "cast:1:export",
]


async def waiting_card(staff: Staff) -> Said:
    """The card of a broadcast that starts in three hours."""
    _, form = await composed(staff, text="Sale!")
    await press(staff, form, "when", "in:3h", "start", "start!")
    (card,) = await staff.heard("desk_notice")
    assert card.offered == SCHEDULED
    return card


async def opened(staff: Staff, card: Said, act: str) -> Said:
    await staff.presses(f"cast:1:{act}", on=card.number)
    return await staff.answer()


@pytest.mark.row("M-05")
async def test_time_and_audience_of_a_broadcast_are_changed_with_a_second_tap(staff: Staff) -> None:
    card = await waiting_card(staff)
    form = await opened(staff, card, "when")
    await staff.says("2096-12-01 10:00")
    assert "at 2096-12-01 10:00" in staff.gateway.window
    window = await press(staff, form, "audience", "part:without", "tag:0", "back", "back")
    assert "without: subscriber – people: 0" in window
    (before,) = await made(staff)
    assert before.audience.exclude_tags == () and before.starts_at.year < 2096, "nothing before the last tap"
    assert "changed" in await press(staff, form, "save")
    (broadcast,) = await made(staff)
    assert broadcast.audience.exclude_tags == ("subscriber",) and broadcast.starts_at.year == 2096
    (edit,) = await staff.heard("desk_notice_edit")
    assert "2096-12-01" in edit.text and "0 % of 0" in edit.text and edit.offered == SCHEDULED


async def test_only_what_was_chosen_is_changed(staff: Staff) -> None:
    """Two windows at once: one for the time, one for the audience. A time by each clock goes back to the desk's."""
    card = await waiting_card(staff)
    about_time, about_people = await opened(staff, card, "when"), await opened(staff, card, "audience")
    assert "save" not in str(about_people.offered)
    await press(staff, about_time, "local:10", "save")
    await press(staff, about_people, "part:all", "tag:0", "back", "back", "save")
    (broadcast,) = await made(staff)
    assert broadcast.audience.tags == ("subscriber",) and broadcast.local_time is not None
    form = await opened(staff, card, "when")
    assert "by each customer" in form.text
    assert "on its way" in await press(staff, form, "now", "save")
    (broadcast,) = await made(staff)
    assert (broadcast.status, broadcast.local_time, broadcast.audience.tags) == (
        "sending",
        None,
        ("subscriber",),
    )


async def test_after_the_start_both_the_card_and_an_open_window_say_what_to_do(
    staff: Staff, clock: ManualClock
) -> None:
    card = await waiting_card(staff)
    form = await opened(staff, card, "when")
    await press(staff, form, "in:1h")
    clock.advance(4 * 3600)
    await BroadcastLoop(staff.store).tick()
    assert "has started" in await press(staff, form, "save")
    for act in ("when", "audience"):
        await staff.presses(f"cast:1:{act}", on=card.number)
        assert "has started" in staff.gateway.toast


async def test_a_moment_that_passed_while_the_window_was_open_is_refused(
    staff: Staff, clock: ManualClock
) -> None:
    card = await waiting_card(staff)
    form = await opened(staff, card, "when")
    await press(staff, form, "in:1h")
    clock.advance(2 * 3600)
    await press(staff, form, "save")
    assert "in the past" in staff.gateway.toast
    (broadcast,) = await made(staff)
    assert broadcast.status == "scheduled"


@pytest.mark.parametrize("act", ["when", "audience"])
async def test_a_manager_without_the_permission_cannot_reschedule_a_broadcast(staff: Staff, act: str) -> None:
    card = await waiting_card(staff)
    await staff.store.act(
        lambda tx: add_manager(tx, acting=manager(tx), telegram_id=IVAN, name="Ivan", role="agent")
    )
    await staff.heard()
    await staff.presses(f"cast:1:{act}", IVAN, on=card.number)
    assert "broadcast.send" in staff.gateway.toast


async def card_in_quiet_hours(staff: Staff) -> Said:
    """The new text of the card after a broadcast began in the quiet hours of its recipient."""
    staff.store.rules = replace(staff.store.rules, quiet_hours=QuietHours(time(22), time(8)))
    _, form = await composed(staff, text="Sale!")
    await press(staff, form, "start", "start!")
    await staff.heard()
    await BroadcastLoop(staff.store).tick()
    await staff.store.act(redraw_live_cards)
    (edit,) = await staff.heard("desk_notice_edit")
    return edit


@pytest.mark.row("M-06")
async def test_the_card_counts_recipients_who_wait_for_the_end_of_quiet_hours(
    staff: Staff, clock: ManualClock
) -> None:
    """The clock of the desk begins at midnight."""
    edit = await card_in_quiet_hours(staff)
    assert "🌙 1 wait for the end of quiet hours, 08:00 their time" in edit.text
    assert "about 8 h left" in edit.text


@pytest.mark.row("M-06")
async def test_the_card_shows_that_more_recipients_may_wait_than_were_counted(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recipient_lists, "PUT_OFF_COUNTED", 1)
    edit = await card_in_quiet_hours(staff)
    assert "🌙 1+ wait for the end of quiet hours" in edit.text


@pytest.mark.row("M-06")
async def test_the_card_follows_presses_after_it_showed_the_end(staff: Staff) -> None:
    _, form = await composed(staff, text="Sale!")
    await press(staff, form, "buttons")
    await staff.says("I want it = yes")
    await press(staff, form, "back", "start", "start!")
    (card,) = await staff.heard("desk_notice")
    await sent(staff, card)
    await staff.store.act(record_button_press, telegram_id=ANNA.telegram_id, tg_message_id=77, data="out:yes")
    await BroadcastLoop(staff.store).tick()
    await staff.store.act(redraw_live_cards)
    edits = await staff.heard("desk_notice_edit")
    assert "👆 I want it – presses: 1, people: 1" in edits[-1].text
    assert await staff.store.act(redraw_live_cards) == 0


async def test_a_deleted_broadcast_is_not_offered_again(staff: Staff) -> None:
    card = await sent(staff)
    await staff.presses("cast:1:delete", on=card.number)
    await BroadcastLoop(staff.store).tick()
    await BroadcastLoop(staff.store).tick()
    await staff.store.act(redraw_live_cards)
    edits = await staff.heard("desk_notice_edit")
    assert edits[-1].offered == ["cast:1:export"] and "🗑 Deleted" in edits[-1].text
    await staff.presses("cast:1:edit", on=card.number)
    form = await staff.answer()
    await staff.says("Other words")
    *_, below = await staff.heard()
    await press(staff, below, "change!")
    assert "was deleted" in staff.gateway.window and form
    assert await staff.store.read(lambda tx: broadcasts.change_of(tx, 1)[0]) is None
