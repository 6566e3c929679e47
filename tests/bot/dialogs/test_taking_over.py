"""A colleague's line takes the dialog: its former assignee is notified once and can take it back."""

import pytest

from holdline.desk.dialogs.transitions import close_dialog
from holdline.dialogs.closing import Closing
from holdline.dialogs.dialog import Dialog
from holdline.store.clock import ManualClock
from holdline.store.dialogs import dialogs
from holdline.store.engine import Store
from tests.bot.desk_kit import Said, Staff, thread_of
from tests.bot.staging import ADMIN, GROUP, IVAN, manager, named, opened, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await group_desk.act(lambda tx: named(tx, IVAN, "Ivan"))
    await wrote(group_desk, words())
    return Staff(group_desk)


async def the_dialog(staff: Staff) -> tuple[Dialog, int]:
    dialog = await opened(staff.store)
    await staff.heard()
    return dialog, await thread_of(staff.store, dialog.id)


def losses(said: list[Said]) -> list[int]:
    return [one.call.params["chat_id"] for one in said if "no longer yours" in one.text]


async def owner(staff: Staff, dialog: Dialog) -> str:
    now = await staff.store.read(lambda tx: dialogs.by_id(tx, dialog.id))
    return now.assignee.name if now.assignee else "—"


async def test_a_taken_dialog_is_reported_once_to_its_former_assignee(
    staff: Staff, clock: ManualClock
) -> None:
    dialog, topic = await the_dialog(staff)
    for turn in range(3):
        await staff.says(f".note {turn}", IVAN, chat=GROUP, thread=topic)
        await staff.says(f".answer {turn}", chat=GROUP, thread=topic)
    assert sorted(losses(await staff.heard())) == [ADMIN, IVAN]
    assert await owner(staff, dialog) == "Maria", "the rule stands: who acts, owns"
    clock.advance(11 * 60)
    await staff.says("Hello", IVAN, chat=GROUP, thread=topic)
    assert losses(await staff.heard()) == [ADMIN], "later it is news again"


async def test_one_tap_takes_the_dialog_back(staff: Staff) -> None:
    dialog, topic = await the_dialog(staff)
    await staff.says(".look at this", IVAN, chat=GROUP, thread=topic)
    (notice,) = [one for one in await staff.heard() if "no longer yours" in one.text]
    take, go = notice.offered
    assert take == f"dlg.take:{dialog.id}" and str(topic) in go
    shown = [[{"text": "Take back", "data": take}, {"text": "Go", "url": go}]]
    await staff.presses(take, on=notice.number, shown=shown)
    assert await owner(staff, dialog) == "Maria"
    assert "is yours" in staff.gateway.window and staff.gateway.offered == [go]


async def test_a_line_in_a_closed_dialog_does_not_change_the_assignee(staff: Staff) -> None:
    dialog, topic = await the_dialog(staff)
    closing = Closing(send_rating_form=False)
    await staff.store.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=dialog.id, closing=closing)
    )
    await staff.heard()
    await staff.says(".she was kind", IVAN, chat=GROUP, thread=topic)
    assert losses(await staff.heard()) == []
    assert await owner(staff, dialog) != "Ivan"


@pytest.mark.parametrize("command", ["/close 3", "/close"])
async def test_a_second_close_names_who_closed_first(staff: Staff, command: str) -> None:
    _, topic = await the_dialog(staff)
    await staff.says("/close 3", chat=GROUP, thread=topic)
    await staff.heard()
    await staff.says(command, IVAN, chat=GROUP, thread=topic)
    assert "closed for good: Maria, 2026-01-01 00:00" in (await staff.answer()).text


async def test_a_note_accepts_a_dialog_number_if_the_dialog_is_unclear(staff: Staff) -> None:
    dialog, topic = await the_dialog(staff)
    await staff.says(f"/note {dialog.id} 5 apples")
    await staff.says(f"/note #{dialog.id} no pears")
    await staff.says("/note 7 plums", chat=GROUP, thread=topic)
    noted = await staff.store.read(lambda tx: tx.all("SELECT dialog_id, text FROM notes ORDER BY id"))
    assert noted == [{"dialog_id": dialog.id, "text": text} for text in ("5 apples", "no pears", "7 plums")]


@pytest.mark.parametrize("written", [".she is kind", "/note she is kind"])
async def test_a_note_in_reply_to_a_card_is_explained_too(staff: Staff, written: str) -> None:
    card = (await staff.heard("inbox_card"))[0]
    await staff.says(written, chat=GROUP, thread=await thread_of(staff.store, None), reply_to=card.number)
    assert "notes belong to a dialog" in (await staff.answer()).text


async def test_losing_a_retaken_dialog_is_reported_again(staff: Staff) -> None:
    _, topic = await the_dialog(staff)
    await staff.says(".look at this", IVAN, chat=GROUP, thread=topic)
    (notice,) = [one for one in await staff.heard() if "no longer yours" in one.text]
    await staff.presses(notice.data("dlg.take:"), on=notice.number)
    await staff.heard()
    await staff.says(".and at this", IVAN, chat=GROUP, thread=topic)
    assert losses(await staff.heard()) == [ADMIN]
