"""Notes and commands are never offered to the customer, whatever the reason of a refusal."""

from dataclasses import asdict

import pytest

from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog
from holdline.desk.settings.lists import add_to_list
from holdline.dialogs.closing import Closing
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.message import Content
from holdline.screens.forms.form import FormKind, FormPosition, save_form
from holdline.screens.forms.form import open_form as form_opened
from holdline.screens.forms.resend import IN_GENERAL, KIND
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.tx import Row, Tx
from tests.bot.desk_kit import Staff, thread_of, to_customer
from tests.bot.staging import ANNA, GROUP, IVAN, manager, named, opened, words, wrote

LIE = "she lies about the parcel"
FOR_THE_DESK = [f". {LIE}", f".{LIE}", f" . {LIE}", f"/note {LIE}", f"/note@desk_bot {LIE}"]
HIDDEN = [f"\u200b.{LIE}", f"\n/note {LIE}", f" /note {LIE}", f"/note: {LIE}", f"/note, {LIE}"]
COMMANDS = [
    "/resume",
    "/pause",
    "/close 3 form",
    "/take",
    "/clsoe",
    "/assign",
    " /resume",
    "/заметка она лжёт",
    "/clsoe: no",
]


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words())
    return Staff(group_desk)


async def dialog_in(staff: Staff, state: str) -> Dialog:
    dialog = await opened(staff.store)
    await staff.heard()

    def move(tx: Tx) -> None:
        if state == "active":
            return
        if state == "paused":
            pause_dialog(tx, manager=manager(tx), dialog_id=dialog.id)
        else:
            close_dialog(
                tx, manager=manager(tx), dialog_id=dialog.id, closing=Closing(send_rating_form=False)
            )

    await staff.store.act(move)
    await staff.heard()
    return dialog


async def notes(staff: Staff) -> list[str]:
    rows = await staff.store.read(lambda tx: tx.all("SELECT text FROM notes ORDER BY id"))
    return [row["text"] for row in rows]


@pytest.mark.row("R-18")
@pytest.mark.row("W-19")
@pytest.mark.parametrize("state", ["active", "paused", "closed"])
@pytest.mark.parametrize("written", FOR_THE_DESK + HIDDEN)
async def test_a_note_is_stored_in_every_state_and_never_offered_for_sending(
    staff: Staff, state: str, written: str
) -> None:
    dialog = await dialog_in(staff, state)
    await staff.says(written, chat=GROUP, thread=await thread_of(staff.store, dialog.id))
    said = await staff.heard()
    assert to_customer(said) == []
    assert not [data for one in said for data in one.offered if data.startswith("form:")]
    assert await notes(staff) == [LIE]


@pytest.mark.parametrize("state", ["active", "paused", "closed"])
@pytest.mark.parametrize("written", COMMANDS)
async def test_a_command_is_never_kept_for_sending(staff: Staff, state: str, written: str) -> None:
    dialog = await dialog_in(staff, state)
    await staff.says(written, chat=GROUP, thread=await thread_of(staff.store, dialog.id))
    said = await staff.heard()
    kept = [form for form in await forms(staff) if form["kind"] == KIND]
    assert kept == []
    assert written not in to_customer(said)


async def forms(staff: Staff) -> list[dict[str, object]]:
    return await staff.store.read(lambda tx: tx.all("SELECT kind FROM forms WHERE done_at IS NULL"))


async def test_a_note_in_a_closed_dialog_changes_no_assignee(staff: Staff, clock: ManualClock) -> None:
    dialog = await dialog_in(staff, "closed")
    await staff.store.act(named, IVAN, "Ivan")
    before = await staff.store.read(whole_row, dialog.id)
    clock.advance(60)
    await staff.says(f".{LIE}", IVAN, chat=GROUP, thread=await thread_of(staff.store, dialog.id))
    assert await notes(staff) == [LIE]
    assert await staff.store.read(whole_row, dialog.id) == before


def whole_row(tx: Tx, dialog_id: int) -> tuple[list[Row], list[Row]]:
    """The dialog with every column, and who takes part in it."""
    row = tx.all("SELECT * FROM dialogs WHERE id = :id", id=dialog_id)
    return row, tx.all("SELECT * FROM dialog_participants WHERE dialog_id = :id", id=dialog_id)


@pytest.mark.parametrize("written", [f". {LIE}", f"/note {LIE}", "/close 3 form"])
async def test_a_note_that_an_earlier_version_kept_is_refused_at_the_tap(staff: Staff, written: str) -> None:
    dialog = await dialog_in(staff, "closed")

    def kept_before(tx: Tx) -> str:
        content = Content(text=written, chat_id=GROUP, tg_message_id=900)
        meaning = {"kind": "dialog", "dialog_id": dialog.id, "customer_id": dialog.customer_id}
        values = {"customer_id": dialog.customer_id, "meaning": meaning, "contents": [asdict(content)]}
        form = form_opened(
            tx, manager(tx), FormKind(KIND, "kept"), spot=FormPosition(GROUP, None), values=values
        )
        save_form(tx, form)
        return form.button("", IN_GENERAL)["data"]

    await staff.presses(await staff.store.act(kept_before), chat=GROUP)
    assert to_customer(await staff.heard()) == []
    assert "never sent" in staff.gateway.toast


@pytest.mark.parametrize("edit", [f". {LIE}", f"/note {LIE}"])
async def test_a_reply_cannot_be_edited_into_a_note(staff: Staff, edit: str) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    thread = await thread_of(staff.store, dialog.id)
    number = await staff.says("It comes tomorrow.", chat=GROUP, thread=thread)
    await staff.heard()
    await staff.edits(number, edit, chat=GROUP, thread=thread)
    said = await staff.heard()
    assert to_customer(said) == []
    assert any("cannot become a note" in one.text for one in said)


async def test_a_text_that_begins_with_three_dots_is_not_a_note(staff: Staff) -> None:
    dialog = await opened(staff.store)
    await staff.heard()
    await staff.says("...ну хорошо", chat=GROUP, thread=await thread_of(staff.store, dialog.id))
    assert to_customer(await staff.heard()) == ["...ну хорошо"]
    assert await notes(staff) == []


@pytest.mark.parametrize("written", [".", ". ", "/note", " . "])
async def test_a_note_without_text_explains_where_to_write_it(staff: Staff, written: str) -> None:
    dialog = await dialog_in(staff, "active")
    await staff.says(written, chat=GROUP, thread=await thread_of(staff.store, dialog.id))
    said = await staff.heard()
    assert to_customer(said) == []
    assert "right after the dot" in said[0].text
    assert await notes(staff) == []


@pytest.mark.parametrize("caption", [f".{LIE}", f"/note {LIE}", f" /note {LIE}"])
@pytest.mark.parametrize("state", ["active", "closed"])
async def test_a_note_in_a_caption_keeps_its_file_at_the_desk(staff: Staff, state: str, caption: str) -> None:
    dialog = await dialog_in(staff, state)
    photo = [{"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}]
    thread = await thread_of(staff.store, dialog.id)
    await staff.writes(photo=photo, caption=caption, chat=GROUP, thread=thread)
    said = await staff.heard()
    assert [one.row["kind"] for one in said if one.call.params["chat_id"] == ANNA.telegram_id] == []
    assert await notes(staff) == [LIE]


@pytest.mark.parametrize("written", [f".{LIE}", f" /note {LIE}", "/pause", "/заметка"])
async def test_a_note_mark_in_a_reply_to_a_card_is_not_sent(staff: Staff, written: str) -> None:
    card = (await staff.heard("inbox_card"))[0]
    inbox = await thread_of(staff.store, None)
    await staff.says(written, chat=GROUP, thread=inbox, reply_to=card.number)
    assert to_customer(await staff.heard()) == []


async def test_a_closed_dialog_accepts_tags_and_keeps_its_assignee(staff: Staff) -> None:
    dialog = await dialog_in(staff, "closed")

    def tag(tx: Tx) -> Dialog:
        add_to_list(tx, manager=manager(tx), kind="tags", name="fragile")
        other = named(tx, 400000099, "Ivan")
        return change_dialog(tx, manager=other, dialog_id=dialog.id, changes={"tags": ["fragile"]})

    after = await staff.store.act(tag)
    assert (after.tags, after.state) == (("fragile",), "closed")
    assert after.assignee is not None and after.assignee.name != "Ivan"
    assert [person.name for person in after.participants] == [p.name for p in dialog.participants]
