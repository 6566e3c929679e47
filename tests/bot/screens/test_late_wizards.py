"""A wizard whose customer got a dialog from a colleague meanwhile: it reports that once and offers only that dialog."""

import pytest

from holdline.desk.dialogs.transitions import close_dialog, pause_dialog, resume_dialog
from holdline.desk.people.staff import add_manager
from holdline.dialogs.closing import Closing
from holdline.dialogs.dialog import Dialog
from holdline.store.dialogs import dialogs
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.bot.desk_kit import Said, Staff, thread_of, to_customer
from tests.bot.staging import GROUP, IVAN, manager, opened, words, wrote


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words("Where is my order?"))
    await group_desk.act(
        lambda tx: add_manager(tx, acting=manager(tx), telegram_id=IVAN, name="Ivan", role="agent")
    )
    return Staff(group_desk)


async def wizard(staff: Staff) -> tuple[Said, str]:
    """Ivan's, from the card's button to the first step; its window and the form's prefix."""
    card = (await staff.heard("inbox_card"))[-1]
    inbox = await thread_of(staff.store, None)
    await staff.presses(card.data("card.open"), IVAN, chat=GROUP, thread=inbox, on=card.number)
    window = await staff.answer()
    return window, window.form


async def closed(staff: Staff, dialog: Dialog) -> None:
    closing = Closing(send_rating_form=False)
    await staff.store.act(
        lambda tx: close_dialog(tx, manager=manager(tx), dialog_id=dialog.id, closing=closing)
    )


def all_dialogs(tx: Tx) -> list[Dialog]:
    return dialogs.page(tx, dialogs.DialogFilter())


@pytest.mark.parametrize("again", [False, True], ids=["opened", "resumed"])
async def test_a_colleagues_wizard_names_who_opened_the_dialog_first(staff: Staff, again: bool) -> None:
    """With the way to the dialog in place of the buttons that could only be refused."""
    other = await opened(staff.store, "Faster") if again else None
    if other is not None:
        await staff.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=other.id))
        await wrote(staff.store, words("And now?", 99))
    window, _ = await wizard(staff)
    if other is not None:
        await staff.store.act(lambda tx: resume_dialog(tx, manager=manager(tx), dialog_id=other.id))
    else:
        other = await opened(staff.store, "Faster")
    edits = {one.call.params["message_id"]: one for one in await staff.heard("desk_notice_edit")}
    edit = edits[window.number]  # a resume redraws the lines of the pause as well
    assert edit.text == f"▶️ Administrator has {'resumed' if again else 'opened'} #{other.id} “Faster”."
    assert edit.offered == [f"https://t.me/c/{str(GROUP)[4:]}/{await thread_of(staff.store, other.id)}"]


async def test_a_wizard_that_has_not_left_yet_never_shows_its_buttons(staff: Staff) -> None:
    card = (await staff.heard("inbox_card"))[-1]
    inbox = await thread_of(staff.store, None)
    await staff.presses(card.data("card.open"), IVAN, chat=GROUP, thread=inbox, on=card.number)
    other = await opened(staff.store, "Faster")
    said = await staff.heard()
    (window,) = [one for one in said if one.text == f"▶️ Administrator has opened #{other.id} “Faster”."]
    assert [data for one in said for data in one.offered if data.startswith("form:")] == []
    assert len(window.offered) == 1


@pytest.mark.parametrize("sent", [True, False])
async def test_a_wizard_in_the_group_keeps_the_language_of_its_manager(staff: Staff, sent: bool) -> None:
    """The desk's language is English."""
    card = (await staff.heard("inbox_card"))[-1]
    inbox = await thread_of(staff.store, None)
    ivan = await staff.store.read(managers.by_telegram_id, telegram_id=IVAN)
    assert ivan is not None
    await staff.store.act(managers.update, ivan.id, language="pl")
    await staff.presses(card.data("card.open"), IVAN, chat=GROUP, thread=inbox, on=card.number)
    if sent:
        await staff.heard()
    other = await opened(staff.store, "Faster")
    said = [one.text for one in await staff.heard()]
    assert f"▶️ #{other.id} „Faster” jest otwarty. Kto otworzył: Administrator." in said


async def test_a_title_typed_after_a_colleague_was_quicker_goes_to_nobody(staff: Staff) -> None:
    window, _ = await wizard(staff)
    other = await opened(staff.store, "Faster")
    await staff.heard()
    inbox = await thread_of(staff.store, None)
    line = await staff.says("Lost parcel", IVAN, chat=GROUP, thread=inbox)
    edit = staff.gateway.last("editMessageText").params
    assert edit["message_id"] == window.number and f"#{other.id} “Faster”" in edit["text"]
    assert len(staff.gateway.offered) == 1 and staff.gateway.offered[0].startswith("https://")
    (told,) = await staff.heard()
    assert told.call.params["reply_parameters"]["message_id"] == line
    assert told.text == "📌 The form could not use this line, and it was not sent. The form says why."
    await staff.presses(told.data("form:"), IVAN, chat=GROUP, thread=inbox, on=told.number)
    assert to_customer(await staff.heard()) == ["Lost parcel"], "it was for the customer"


async def test_a_finished_wizard_is_not_changed_again(staff: Staff) -> None:
    """The dialog of the quicker colleague is closed, and another one begins: that was told once."""
    window, _ = await wizard(staff)
    first = await opened(staff.store, "Faster")
    assert window.number in [one.call.params["message_id"] for one in await staff.heard("desk_notice_edit")]
    await closed(staff, first)
    await opened(staff.store, "Second")
    assert window.number not in [one.call.params.get("message_id") for one in await staff.heard()]


@pytest.mark.parametrize("by", ["a title", "a late tap"])
async def test_a_finished_wizard_does_not_continue_after_the_close(staff: Staff, by: str) -> None:
    window, form = await wizard(staff)
    first = await opened(staff.store, "Faster")
    await closed(staff, first)
    await staff.heard()
    inbox = await thread_of(staff.store, None)
    if by == "a title":
        await staff.says("Lost parcel", IVAN, chat=GROUP, thread=inbox)
    else:
        await staff.presses(f"{form}:now", IVAN, chat=GROUP, thread=inbox, on=window.number)
    assert staff.gateway.window == "This form is finished."
    assert [dialog.title for dialog in await staff.store.read(all_dialogs)] == ["Faster"]
