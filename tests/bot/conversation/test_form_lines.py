"""A line typed while a form asks for text: its use is confirmed, and one tap sends it to the customer instead."""

import pytest

from holdline.dialogs.dialog import Dialog
from holdline.store.clock import ManualClock
from holdline.store.dialogs import dialogs
from holdline.store.engine import Store
from tests.bot.desk_kit import Said, Staff, thread_of, to_customer
from tests.bot.staging import ANNA, GROUP, opened, words, wrote

LINE = "Oleg, it comes tomorrow!"


@pytest.fixture
async def staff(group_desk: Store) -> Staff:
    await wrote(group_desk, words())
    return Staff(group_desk)


async def asked_for(staff: Staff, *actions: str) -> tuple[Dialog, int, Said]:
    """A close form in the dialog's topic whose buttons were pressed: dialog, topic, form."""
    dialog = await opened(staff.store)
    await staff.heard()
    topic = await thread_of(staff.store, dialog.id)
    await staff.says("/close", chat=GROUP, thread=topic)
    form = (await staff.heard("text"))[0]
    for action in actions:
        number = form.data("form:").split(":")[1]
        await staff.presses(f"form:{number}:{action}", chat=GROUP, thread=topic, on=form.number)
    return dialog, topic, form


async def state_of(staff: Staff, dialog: Dialog) -> Dialog:
    return await staff.store.read(lambda tx: dialogs.by_id(tx, dialog.id))


@pytest.mark.parametrize("step", ["reason", "comment"])
async def test_a_line_taken_by_a_form_is_confirmed(staff: Staff, step: str) -> None:
    _, topic, _ = await asked_for(staff, "explain", step)
    line = await staff.says(LINE, chat=GROUP, thread=topic)
    said = await staff.heard()
    assert to_customer(said) == []
    (told,) = said
    assert told.call.params["reply_parameters"]["message_id"] == line
    assert told.text == f"📌 Saved as the {step}, not sent."
    assert LINE in staff.gateway.window


async def test_one_tap_sends_the_line_to_the_customer_and_clears_the_form(staff: Staff) -> None:
    dialog, topic, form = await asked_for(staff, "explain", "reason")
    await staff.says(LINE, chat=GROUP, thread=topic)
    told = (await staff.heard())[0]
    await staff.presses(told.data("form:"), chat=GROUP, thread=topic, on=told.number)
    assert to_customer(await staff.heard()) == [LINE]
    shown = {one.params["message_id"]: str(one.params["text"]) for one in staff.gateway.edits()}
    assert LINE not in shown[form.number], "the form shows again what it asked"
    assert f"Goes to Anna · #{dialog.id}" in shown[told.number]
    await staff.presses(told.data("form:"), chat=GROUP, thread=topic, on=told.number)
    assert to_customer(await staff.heard()) == [], "sent once"
    await staff.says("And once more", chat=GROUP, thread=topic)
    assert to_customer(await staff.heard()) == ["And once more"], "the form waits for a reply now"
    await staff.says("Delivered", chat=GROUP, thread=topic, reply_to=form.number)
    assert to_customer(await staff.heard()) == []
    await staff.presses(f"form:{form.data('form:').split(':')[1]}:close", chat=GROUP, on=form.number)
    assert (await state_of(staff, dialog)).close_reason == "Delivered"


async def test_the_tap_sends_the_line_as_it_was_edited_meanwhile(staff: Staff) -> None:
    _, topic, _ = await asked_for(staff, "explain", "reason")
    line = await staff.says(LINE, chat=GROUP, thread=topic)
    told = (await staff.heard())[0]
    await staff.edits(line, "Oleg, it comes on Monday!", chat=GROUP, thread=topic)
    assert "The form has your new words" in (await staff.heard())[0].text
    await staff.presses(told.data("form:"), chat=GROUP, thread=topic, on=told.number)
    assert to_customer(await staff.heard()) == ["Oleg, it comes on Monday!"]


async def test_a_reply_to_the_customer_is_never_an_answer_and_a_reply_to_the_form_always_is(
    staff: Staff, clock: ManualClock
) -> None:
    _, topic, form = await asked_for(staff, "explain", "reason")
    await wrote(staff.store, words("Any news?", 72))
    mirror = (await staff.heard("mirror"))[0]
    await staff.says("Tomorrow", chat=GROUP, thread=topic, reply_to=mirror.number)
    assert to_customer(await staff.heard()) == ["Tomorrow"]
    assert [one.text[:7] for one in await staff.heard()] == ["Sent to"]
    clock.advance(2 * 60 * 60)
    await staff.says("Found at last", chat=GROUP, thread=topic, reply_to=form.number)
    assert await staff.heard() == [], "the form shows it; nothing else needs to be said"
    assert "Found at last" in staff.gateway.window


async def test_a_photo_is_no_answer_to_a_form(staff: Staff) -> None:
    _, topic, _ = await asked_for(staff, "explain", "reason")
    photo = [{"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}]
    await staff.writes(photo=photo, caption="the label", chat=GROUP, thread=topic)
    sent = [one for one in await staff.heard() if one.call.params["chat_id"] == ANNA.telegram_id]
    assert [one.call.method for one in sent] == ["copyMessage"]


async def test_a_form_that_acts_at_once_needs_confirmation(staff: Staff) -> None:
    _, topic, _ = await asked_for(staff)
    await staff.says("/settings", chat=GROUP, thread=topic)
    menu = (await staff.heard("text"))[0]
    number = menu.data("form:").split(":")[1]
    await staff.presses(f"form:{number}:open:reasons", chat=GROUP, thread=topic, on=menu.number)
    await staff.says("Late courier", chat=GROUP, thread=topic)
    said = await staff.heard()
    assert to_customer(said) == []
    named = "SELECT name FROM lists WHERE kind = 'reasons'"
    assert await staff.store.read(lambda tx: tx.all(named)) == []
    for_form, to_anna = said[0].offered
    await staff.presses(for_form, chat=GROUP, thread=topic, on=said[0].number)
    assert await staff.store.read(lambda tx: tx.all(named)) == [{"name": "Late courier"}]
    await staff.presses(to_anna, chat=GROUP, thread=topic, on=said[0].number)
    assert to_customer(await staff.heard()) == [], "it was one or the other"


async def test_a_reply_to_a_window_that_waits_for_a_tap_reaches_nobody(staff: Staff) -> None:
    _, topic, form = await asked_for(staff)
    await staff.says("because of the rain", chat=GROUP, thread=topic, reply_to=form.number)
    said = await staff.heard()
    assert to_customer(said) == []
    assert "this window takes no words" in said[0].text
