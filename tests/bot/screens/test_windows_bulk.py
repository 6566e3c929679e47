"""One act on many dialogs in Telegram: selection, act, confirmation, and a card with the results."""

import pytest

from holdline.desk.dialogs.transitions import close_dialog
from holdline.dialogs.closing import Closing
from holdline.dialogs.customer import MessageSender
from holdline.scheduler.bulk import run_bulk_jobs
from holdline.store.dialogs import dialogs
from holdline.store.engine import Store
from holdline.store.people import managers
from tests.bot.desk_kit import Said, Staff
from tests.bot.staging import ADMIN, ANNA, manager, opened, words, wrote

BORIS = MessageSender(510000002, "Boris", "boris", "en")


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    for person in (ANNA, BORIS):
        await wrote(group_desk, words(), sender=person)
        await opened(group_desk, sender=person)
    staff = Staff(group_desk)
    await staff.heard()
    return staff


async def bulk_form(staff: Staff) -> tuple[Said, str]:
    await staff.says("/bulk")
    window = await staff.answer()
    return window, window.form


async def press(staff: Staff, window: Said, *data: str) -> None:
    for one in data:
        await staff.presses(one, on=window.number)


async def priorities(staff: Staff) -> list[str]:
    return [(await staff.store.read(lambda tx, n=n: dialogs.by_id(tx, n))).priority for n in (1, 2)]


@pytest.mark.row("R-08")
async def test_ticked_dialogs_are_changed_and_refusals_are_reported(staff: Staff) -> None:
    window, form = await bulk_form(staff)
    await press(staff, window, f"{form}:tick:1", f"{form}:tick:2", f"{form}:next", f"{form}:do:priority")
    await press(staff, window, f"{form}:value:3")
    assert "#1, #2" in staff.gateway.window and "Priority: urgent" in staff.gateway.window
    assert await priorities(staff) == ["normal", "normal"]
    await press(staff, window, f"{form}:start")
    card = await staff.answer()
    assert (card.row["chat_id"], card.text) == (ADMIN, "⏳ 0 done, 0 refused, of 2")
    await staff.store.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=2, closing=Closing(send_rating_form=False))
    )
    await run_bulk_jobs(staff.store)
    edited = (await staff.heard("desk_notice_edit"))[-1]
    assert edited.call.params["message_id"] == card.number
    assert "1 done, 1 refused" in edited.text and "#2: " in edited.text and "closed" in edited.text
    assert await priorities(staff) == ["urgent", "normal"]


async def test_all_matching_dialogs_are_those_of_the_list(staff: Staff) -> None:
    window, form = await bulk_form(staff)
    await press(staff, window, f"{form}:list:mine", f"{form}:all", f"{form}:next", f"{form}:do:close")
    assert "All in the list “Mine”" in staff.gateway.window
    await press(staff, window, f"{form}:start")
    await run_bulk_jobs(staff.store)
    states = [(await staff.store.read(lambda tx, n=n: dialogs.by_id(tx, n))).state for n in (1, 2)]
    assert states == ["closed", "closed"]


async def test_a_bulk_act_without_a_selection_or_after_a_cancel_does_nothing(staff: Staff) -> None:
    window, form = await bulk_form(staff)
    await press(
        staff, window, f"{form}:next", f"{form}:start", f"{form}:tick:1", f"{form}:next", f"{form}:back"
    )
    await press(staff, window, f"{form}:cancel", f"{form}:start")
    assert await run_bulk_jobs(staff.store) == 0


async def test_a_bulk_postponement_offers_the_same_choices_as_a_single_one(staff: Staff) -> None:
    await staff.store.act(lambda tx: managers.update(tx, manager(tx).id, language="pl"))
    window, form = await bulk_form(staff)
    await press(staff, window, f"{form}:tick:1", f"{form}:next", f"{form}:do:postpone")
    rows = staff.gateway.last("editMessageText").params["reply_markup"]["inline_keyboard"]
    offered = [button["text"] for row in rows for button in row]
    assert offered[:6] == ["1 godz.", "4 godz.", "1 dzień", "3 dni", "1 tydzień", "1 miesiąc"]
    await press(staff, window, f"{form}:value:2")
    assert "Odłóż: 1 dzień" in staff.gateway.window
