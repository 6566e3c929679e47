"""Kept messages and lines taken by a form are edited or deleted, and the answer states what was done."""

from collections.abc import AsyncIterator

import pytest

from holdline.desk.dialogs.transitions import pause_dialog, resume_dialog
from holdline.store.clock import ManualClock
from holdline.store.dialogs import dialogs
from holdline.store.engine import Store
from tests.bot.conversation.test_whom import anna_writes
from tests.bot.conversation.two_dialogs_kit import TOM, enter_toms_dialog
from tests.bot.desk_kit import Said, Staff, to_customer
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import ANNA, manager


@pytest.fixture(params=MODES)
async def desk(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    async with desk_at(request.param, store_url, clock) as desk:
        yield desk


async def typed(desk: Place, text: str) -> int:
    return await desk.says(text, **await desk.where())


async def edited(desk: Place, number: int, text: str) -> str:
    await desk.edits(number, text, **await desk.where())
    return " ".join(one.text for one in await desk.heard("text"))


async def deleted(desk: Place, number: int) -> str:
    await desk.says("/delete", reply_to=number, **await desk.where())
    (told,) = await desk.heard("text")
    return told.text


async def close_form(desk: Place, *actions: str) -> tuple[Said, str]:
    """The form with these buttons pressed, and how its buttons begin."""
    await typed(desk, "/close")
    (form,) = await desk.heard("text")
    verb = f"form:{form.data('form:').split(':')[1]}"
    for action in actions:
        await desk.presses(f"{verb}:{action}", on=form.number, **await desk.where())
    return form, verb


async def pause(desk: Place) -> None:
    await desk.store.act(lambda tx: pause_dialog(tx, manager=manager(tx), dialog_id=desk.dialog.id))
    await desk.heard()


async def resume(desk: Place) -> None:
    await desk.store.act(lambda tx: resume_dialog(tx, manager=manager(tx), dialog_id=desk.dialog.id))
    await desk.heard()


@pytest.mark.parametrize("step", ["reason", "comment"])
async def test_an_edited_line_changes_the_value_in_the_form(desk: Place, step: str) -> None:
    form, verb = await close_form(desk, "explain", step)
    line = await typed(desk, "He got a refnud")
    await desk.heard()
    assert "The form has your new words" in await edited(desk, line, "He got a refund")
    assert "He got a refund" in desk.gateway.window and "refnud" not in desk.gateway.window
    await desk.presses(f"{verb}:close", on=form.number, **await desk.where())
    closed = await desk.store.read(lambda tx: dialogs.by_id(tx, desk.dialog.id))
    assert "He got a refund" in (closed.close_reason, closed.close_comment)


async def test_an_edit_of_an_earlier_answer_keeps_the_current_question_of_the_form(desk: Place) -> None:
    _, verb = await close_form(desk, "explain", "reason")
    line = await typed(desk, "First")
    (told,) = await desk.heard("text")
    await desk.presses(f"{verb}:comment", on=told.number, **await desk.where())
    await edited(desk, line, "First, corrected")
    await typed(desk, "Second")
    await desk.heard()
    assert "First, corrected" in desk.gateway.window and "Comment: Second" in desk.gateway.window


async def test_after_the_save_the_edit_says_that_the_form_keeps_the_old_text(desk: Place) -> None:
    form, verb = await close_form(desk, "explain", "reason")
    line = await typed(desk, "Refnud")
    await desk.heard()
    await desk.presses(f"{verb}:cancel", on=form.number, **await desk.where())
    assert "keeps what it has" in await edited(desk, line, "Refund")


async def test_a_deleted_line_is_removed_from_the_form(desk: Place) -> None:
    form, verb = await close_form(desk, "explain", "reason")
    line = await typed(desk, "For Anna, in truth")
    (told,) = await desk.heard("text")
    assert "nobody gets these words" in await deleted(desk, line)
    assert to_customer(await desk.press(told, "form:")) == []
    await desk.presses(f"{verb}:main", on=form.number, **await desk.where())
    await desk.presses(f"{verb}:close", on=form.number, **await desk.where())
    closed = await desk.store.read(lambda tx: dialogs.by_id(tx, desk.dialog.id))
    assert (closed.state, closed.close_reason) == ("closed", None)


async def test_a_refused_message_that_is_deleted_goes_to_nobody(desk: Place) -> None:
    await pause(desk)
    line = await typed(desk, "A mistake")
    (refusal,) = await desk.heard("text")
    assert await deleted(desk, line) == "🗑 Dropped: nobody gets these words."
    assert to_customer(await desk.press(refusal, "form:")) == []


async def test_a_refused_message_edited_into_a_note_is_not_offered_for_sending(desk: Place) -> None:
    await pause(desk)
    line = await typed(desk, "He sounds tired")
    (refusal,) = await desk.heard("text")
    told = await edited(desk, line, ". he sounds tired")
    assert "go to no customer" in told
    assert to_customer(await desk.press(refusal, "form:")) == []


async def test_an_edit_refused_by_a_closed_dialog_is_not_sent_again_with_a_new_one(desk: Place) -> None:
    line = await typed(desk, "It comes tomorow")
    await desk.heard()
    await desk.close()
    await desk.edits(line, "It comes tomorrow", **await desk.where())
    (refusal,) = await desk.heard("text")
    assert "still has the words from before" in refusal.text
    (wizard,) = await desk.press(refusal, "dlg.new")
    assert "It comes" not in wizard.text
    said = await desk.press(wizard, wizard.data("form:").rsplit(":", 1)[0] + ":now")
    assert to_customer(said) == []


async def test_a_later_edit_reaches_the_customer_once_the_dialog_is_active_again(desk: Place) -> None:
    line = await typed(desk, "It comes tomorow")
    await desk.heard()
    await pause(desk)
    assert "still has the words from before" in await edited(desk, line, "It comes tomorrow")
    assert "still has the words from before" in await edited(desk, line, "It comes on Monday")
    await resume(desk)
    await desk.edits(line, "It comes on Tuesday", **await desk.where())
    said = await desk.heard()
    assert [one.row["kind"] for one in said if one.text == "It comes on Tuesday"][:1] == ["edit_copy"]
    assert "Your edit is kept" not in " ".join(one.text for one in said)


@pytest.mark.parametrize(
    ("first", "then"), [(". he sounds tired", "he sounds tired"), ("/note tired", "tired, I mean")]
)
async def test_an_edited_note_that_waits_for_its_dialog_stays_a_note(
    private_desk: Store, clock: ManualClock, first: str, then: str
) -> None:
    staff = Staff(private_desk)
    await enter_toms_dialog(staff, clock)
    await anna_writes(staff)
    line = await staff.says(first)
    question = (await staff.heard("text"))[0]
    await staff.edits(line, then)
    assert "no customer gets them" in (await staff.heard("text"))[0].text
    await staff.presses(question.data("which:"), on=question.number)
    said = await staff.heard()
    assert to_customer(said, ANNA) == to_customer(said, TOM) == []
