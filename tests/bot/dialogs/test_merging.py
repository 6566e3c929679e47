"""Merging from the card: choose, confirm, and undo; each by buttons, in both directions."""

import pytest

from holdline.desk.dialogs.transitions import close_dialog, pause_dialog
from holdline.dialogs.closing import Closing
from holdline.dialogs.dialog import Dialog
from holdline.store.dialogs import dialogs
from holdline.store.engine import Store
from holdline.store.people import managers
from tests.bot.desk_kit import Said, Staff, data_of, thread_of, to_customer
from tests.bot.staging import GROUP, IVAN, manager, opened, words, wrote


async def pause(store: Store, number: int) -> None:
    await store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=number))


async def close(store: Store, number: int) -> None:
    closing = Closing(send_rating_form=False)
    await store.act(lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=number, closing=closing))


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    """Anna has two dialogs that are not closed: #1 paused, #2 active."""
    await wrote(group_desk, words())
    await opened(group_desk, "Delivery")
    await pause(group_desk, 1)
    await opened(group_desk, "Again the delivery")
    return Staff(group_desk)


async def dialog(staff: Staff, number: int) -> Dialog:
    return await staff.store.read(lambda tx: dialogs.by_id(tx, number))


async def card_of(staff: Staff, number: int) -> list[str]:
    """The data of the buttons of its card as it is drawn last."""
    said = await staff.heard()
    cards = [
        one
        for one in said
        if one.row["kind"] in ("info_card", "info_card_edit") and one.row["dialog_id"] == number
    ]
    return data_of(cards[-1].call)


class Window:
    def __init__(self, staff: Staff, said: Said) -> None:
        self.staff, self.said, self.form = staff, said, said.form

    async def press(self, *actions: str) -> None:
        for action in actions:
            await self.staff.presses(f"{self.form}:{action}", chat=GROUP, on=self.said.number)


async def merge_window(staff: Staff, data: str) -> Window:
    await staff.heard()
    await staff.presses(data, chat=GROUP, on=5)
    return Window(staff, await staff.answer())


async def test_the_card_offers_a_merge_only_if_there_is_another_dialog(group_desk: Store) -> None:
    await wrote(group_desk, words())
    await opened(group_desk, "Delivery")
    staff = Staff(group_desk)
    assert "dlg.merge:1" not in await card_of(staff, 1)
    await pause(group_desk, 1)
    await opened(group_desk, "Again the delivery")
    assert "dlg.merge:2" in await card_of(staff, 2)


async def test_a_merge_that_leaves_no_dialog_active_says_so(staff: Staff) -> None:
    """The gate opens with it: what marketing sent leaves in the middle of the talk."""
    window = await merge_window(staff, "dlg.merge:2")
    assert "⚠️ #1 is paused: no dialog of this customer is active then" in window.said.text
    await window.press("turn")
    assert "⚠️" not in staff.gateway.window and "#2 Again the delivery" in staff.gateway.window


async def test_a_merge_with_the_only_other_dialog_is_offered_at_once_and_undone_in_two_taps(
    staff: Staff,
) -> None:
    window = await merge_window(staff, "dlg.merge:2")
    assert "#2 Again the delivery" in window.said.text and "#1 Delivery" in window.said.text
    assert (await dialog(staff, 2)).state == "active"
    await window.press("merge!")
    assert staff.gateway.offered == ["dlg.unmerge:2"]
    await window.press("merge!")
    merged = await dialog(staff, 2)
    assert (merged.state, merged.merged_into) == ("closed", 1)
    assert "dlg.unmerge:2" in await card_of(staff, 2)
    back = await merge_window(staff, "dlg.unmerge:2")
    assert (await dialog(staff, 2)).state == "closed"
    await back.press("undo!")
    assert ((await dialog(staff, 2)).state, (await dialog(staff, 2)).merged_into) == ("paused", None)
    await back.press("undo!")
    assert (await dialog(staff, 2)).state == "paused"


async def test_both_dialogs_show_the_merge_in_the_readers_language(staff: Staff) -> None:
    """The people of the one that goes on get all that was said, as a file, by one tap."""
    window = await merge_window(staff, "dlg.merge:2")
    await window.press("merge!")
    said = await staff.heard()
    assert any("merged into #1" in one.text for one in said if one.row["dialog_id"] == 2)
    (notice,) = [one for one in said if "into this one" in one.text]
    assert notice.data("dlg.file") == "dlg.file:1"


async def test_a_merge_in_the_other_direction_takes_one_more_tap(staff: Staff) -> None:
    window = await merge_window(staff, "dlg.merge:2")
    await window.press("turn")
    assert staff.gateway.window.index("#1 Delivery") < staff.gateway.window.index("#2 Again the delivery")
    await window.press("merge!")
    assert ((await dialog(staff, 1)).merged_into, (await dialog(staff, 2)).state) == (2, "active")


async def test_one_of_several_dialogs_is_chosen_and_a_closed_one_refused(staff: Staff) -> None:
    await pause(staff.store, 2)
    await opened(staff.store, "A third time")
    window = await merge_window(staff, "dlg.merge:3")
    assert [data for data in window.said.offered if ":into:" in data] == [
        f"{window.form}:into:2",
        f"{window.form}:into:1",
    ]
    await close(staff.store, 1)
    await window.press("into:1", "into:99")
    assert "#1" not in staff.gateway.window
    await window.press("into:2")
    await close(staff.store, 2)
    await window.press("merge!")
    assert (await dialog(staff, 3)).state == "active"
    assert "closed" in staff.gateway.toast


async def test_a_merge_without_another_dialog_or_permission_gets_one_sentence(staff: Staff) -> None:
    await close(staff.store, 1)
    await staff.heard()
    await staff.presses("dlg.merge:2", chat=GROUP, on=5)
    assert "no other dialog" in staff.gateway.toast
    await staff.presses("dlg.unmerge:2", chat=GROUP, on=5)
    assert staff.gateway.toast and "\n" not in staff.gateway.toast
    await staff.store.act(lambda tx: managers.insert(tx, telegram_id=IVAN, name="Ivan", role="agent"))
    await staff.presses("dlg.merge:2", IVAN, chat=GROUP, on=5)
    assert "dialog.close" in staff.gateway.toast
    assert (await dialog(staff, 2)).state == "active"


@pytest.mark.parametrize("typed", ["/merge 1", "/merge #1"])
async def test_the_merge_command_accepts_the_number_with_or_without_a_hash(staff: Staff, typed: str) -> None:
    await staff.heard()
    await staff.says(typed, chat=GROUP, thread=await thread_of(staff.store, 2))
    assert (await dialog(staff, 2)).merged_into == 1


async def test_the_merge_command_alone_opens_the_same_window(staff: Staff) -> None:
    await staff.heard()
    await staff.says("/merge", chat=GROUP, thread=await thread_of(staff.store, 2))
    window = Window(staff, await staff.answer())
    await window.press("merge!")
    assert (await dialog(staff, 2)).merged_into == 1


async def test_a_message_in_a_dialog_merged_into_a_paused_one_resumes_that_one(staff: Staff) -> None:
    await staff.heard()
    thread = await thread_of(staff.store, 2)
    await staff.says("/merge 1", chat=GROUP, thread=thread)
    await staff.heard()
    await staff.says("It comes tomorrow", chat=GROUP, thread=thread)
    refusal = await staff.answer()
    assert refusal.text.startswith("Dialog #2 was merged into #1 “Delivery”, which is paused.")
    resume = refusal.data("dlg.resume:1")
    assert refusal.data_or_none("dlg.new") is None
    shown = [[{"text": "…", "data": data} for data in refusal.offered]]
    for data in (resume, "dlg.resume!:1"):
        await staff.presses(data, chat=GROUP, on=refusal.number, shown=shown)
    assert (await dialog(staff, 1)).state == "active"
    send = next(data for data in staff.gateway.offered if data.startswith("form:"))
    await staff.presses(send, chat=GROUP, on=refusal.number)
    assert "It comes tomorrow" in to_customer(await staff.heard())
