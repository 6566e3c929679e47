"""⏰ Postpone on the card: the length, the resulting date, and a tap that sets it or pauses until then."""

import pytest

from holdline.dialogs.dialog import Dialog
from holdline.scheduler.due import handle_due_dates
from holdline.store.clock import ManualClock
from holdline.store.dialogs import dialogs
from holdline.store.engine import Store
from holdline.store.people import managers
from tests.bot.desk_kit import Said, Staff, thread_of, to_customer
from tests.bot.staging import GROUP, IVAN, manager, named, opened, words, wrote

DAY = 86400


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words())
    await opened(group_desk)
    return Staff(group_desk)


async def begin(staff: Staff) -> tuple[Said, str]:
    card = (await staff.heard("info_card"))[0]
    await staff.presses("dlg.postpone:1", chat=GROUP, on=card.number, thread=await thread_of(staff.store, 1))
    window = await staff.answer()
    return window, window.form


async def press(staff: Staff, window: Said, *data: str) -> None:
    thread = await thread_of(staff.store, 1)
    for one in data:
        await staff.presses(one, chat=GROUP, on=window.number, thread=thread)


async def type_in(staff: Staff, text: str) -> None:
    await staff.says(text, chat=GROUP, thread=await thread_of(staff.store, 1))


async def state(staff: Staff) -> Dialog:
    return await staff.store.read(lambda tx: dialogs.by_id(tx, 1))


@pytest.mark.row("R-25")
@pytest.mark.row("R-27")
async def test_a_preset_shows_the_date_in_the_managers_zone_and_a_tap_sets_it(staff: Staff) -> None:
    await staff.store.act(lambda tx: managers.update(tx, manager(tx).id, time_zone="Europe/Warsaw"))
    window, form = await begin(staff)
    await press(staff, window, f"{form}:by:1d")
    assert "New due date: 2026-01-02 01:00 Europe/Warsaw" in staff.gateway.window
    assert (await state(staff)).due_at is None, "nothing is set before the confirmation"
    await press(staff, window, f"{form}:set")
    assert "2026-01-02 01:00 Europe/Warsaw" in staff.gateway.window
    due_at = (await state(staff)).due_at
    assert due_at is not None and due_at.isoformat() == "2026-01-02T00:00:00+00:00"
    (card,) = await staff.heard("info_card_edit")
    assert "2026-01-02 00:00 UTC" in card.text


@pytest.mark.row("C-26")
@pytest.mark.row("R-26")
@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("36 h", "2026-01-02 12:00 UTC"),
        ("2 дня", "2026-01-03 00:00 UTC"),
        ("3 mies.", "2026-04-01 00:00 UTC"),
        ("2026-05-06 14:30", "2026-05-06 14:30 UTC"),
        ("2026-05-06", "2026-05-06 09:00 UTC"),
    ],
)
async def test_a_number_and_a_unit_or_a_date_is_typed(staff: Staff, typed: str, shown: str) -> None:
    _, form = await begin(staff)
    await type_in(staff, typed)
    assert f"New due date: {shown}" in staff.gateway.window
    assert f"{form}:set" in staff.gateway.offered


@pytest.mark.parametrize(
    "typed", ["soon", "0 days", "2 weeks", "2026-02-30 10:00", "2020-01-01 10:00", "999999 h"]
)
async def test_an_invalid_line_is_answered_with_a_sentence_and_sets_nothing(staff: Staff, typed: str) -> None:
    await begin(staff)
    await type_in(staff, typed)
    said = await staff.heard("text")
    assert len(said) == 1
    assert to_customer(said) == []
    assert (await state(staff)).due_at is None


async def test_the_postponed_time_may_end_a_pause(staff: Staff, clock: ManualClock) -> None:
    window, form = await begin(staff)
    await press(staff, window, f"{form}:by:1d", f"{form}:pause")
    paused = await state(staff)
    assert (paused.state, paused.due_at) == ("paused", None)
    clock.advance(DAY - 1)
    assert await handle_due_dates(staff.store) == 0
    clock.advance(1)
    assert await handle_due_dates(staff.store) == 1
    resumed = await state(staff)
    assert (resumed.state, resumed.paused_until_at) == ("active", None)
    assert await handle_due_dates(staff.store) == 0


async def test_a_pause_continues_if_another_dialog_is_active_and_reports_it(
    staff: Staff, clock: ManualClock
) -> None:
    window, form = await begin(staff)
    await press(staff, window, f"{form}:by:1d", f"{form}:pause")
    await opened(staff.store, "Another")
    await staff.heard()
    clock.advance(DAY)
    assert await handle_due_dates(staff.store) == 1
    assert (await state(staff)).state == "paused"
    assert any("#2 is active" in one.text for one in await staff.heard())
    assert await handle_due_dates(staff.store) == 0


async def test_a_resume_by_hand_ends_the_appointment(staff: Staff, clock: ManualClock) -> None:
    window, form = await begin(staff)
    await press(staff, window, f"{form}:by:1d", f"{form}:pause")
    await press(staff, window, "dlg.resume!:1", "dlg.pause!:1")
    clock.advance(DAY)
    assert await handle_due_dates(staff.store) == 0
    assert (await state(staff)).state == "paused"


async def test_buttons_of_postponing_do_nothing_for_another_manager(staff: Staff) -> None:
    await staff.store.act(lambda tx: named(tx, IVAN, "Ivan"))
    window, form = await begin(staff)
    await staff.presses(
        f"{form}:by:1d", IVAN, chat=GROUP, on=window.number, thread=await thread_of(staff.store, 1)
    )
    assert staff.gateway.toast == (
        "A colleague has this form open. Start your own from the card or with the command."
    )
    assert staff.gateway.edits() == []
    await press(staff, window, f"{form}:by:1d")
    assert f"{form}:set" in staff.gateway.offered


@pytest.mark.row("R-39")
async def test_an_overdue_dialog_is_marked_on_its_card(staff: Staff, clock: ManualClock) -> None:
    window, form = await begin(staff)
    await press(staff, window, f"{form}:by:1h", f"{form}:set")
    (card,) = await staff.heard("info_card_edit")
    assert "❗" not in card.text
    clock.advance(3600)
    await handle_due_dates(staff.store)
    (card,) = await staff.heard("info_card_edit")
    assert card.text.startswith("❗")
