"""Without topics a plain line goes to the entered dialog only if no newer message belongs to another customer."""

import pytest

from holdline.desk.conversation.replies import write_in_dialog
from holdline.desk.notices import views
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.message import Content
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from tests.bot.conversation.two_dialogs_kit import TOM, enter_toms_dialog
from tests.bot.desk_kit import Said, Staff, to_customer
from tests.bot.staging import ADMIN, ANNA, IVAN, customer, named, words, wrote

VOICE = {"file_id": "v", "file_unique_id": "v", "duration": 3}
PHOTO = [{"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}]


@pytest.fixture
async def staff(private_desk: Store) -> Staff:
    return Staff(private_desk)


async def anna_writes(staff: Staff, number: int = 81) -> Said:
    await wrote(staff.store, words("My card is 4111", number))
    return (await staff.heard("mirror"))[0]


async def asked(staff: Staff) -> Said:
    said = await staff.heard()
    assert to_customer(said, ANNA) == to_customer(said, TOM) == []
    assert "For whom" in said[0].text
    return said[0]


async def test_without_newer_messages_a_line_goes_to_the_entered_dialog(
    staff: Staff, clock: ManualClock
) -> None:
    _, tom = await enter_toms_dialog(staff, clock)
    await staff.says("Hi Tom")
    said = await staff.heard()
    assert to_customer(said, TOM) == ["Hi Tom"]
    assert [one.text for one in await staff.heard()] == [f"Sent to Tom · #{tom.id}."]


@pytest.mark.parametrize("choice", ["Anna", "Tom"])
async def test_after_a_message_of_another_customer_the_desk_asks(
    staff: Staff, clock: ManualClock, choice: str
) -> None:
    anna, tom = await enter_toms_dialog(staff, clock)
    await anna_writes(staff)
    await staff.says("Thanks, card 4111 noted")
    question = await asked(staff)
    keyboard = question.call.params["reply_markup"]["inline_keyboard"]
    captions = [row[0]["text"] for row in keyboard]
    assert captions[:2] == [f"💬 Anna · #{anna.id}", f"💬 Tom · #{tom.id}"]
    pressed = next(row[0]["callback_data"] for row in keyboard if choice in row[0]["text"])
    await staff.presses(pressed, on=question.number)
    said = await staff.heard()
    reader, other = (ANNA, TOM) if choice == "Anna" else (TOM, ANNA)
    assert to_customer(said, reader) == ["Thanks, card 4111 noted"]
    assert to_customer(said, other) == []
    assert f"Goes to {choice}" in staff.gateway.window


async def test_a_dropped_message_reaches_nobody(staff: Staff, clock: ManualClock) -> None:
    await enter_toms_dialog(staff, clock)
    await anna_writes(staff)
    await staff.says("Thanks")
    question = await asked(staff)
    await staff.presses(question.offered[-1], on=question.number)
    await staff.presses(question.offered[0], on=question.number)
    said = await staff.heard()
    assert to_customer(said, ANNA) == to_customer(said, TOM) == []


async def test_an_inbox_card_in_between_causes_a_question_too(staff: Staff, clock: ManualClock) -> None:
    await enter_toms_dialog(staff, clock)
    zoe = MessageSender(510000003, "Zoe", None, "en")
    await wrote(staff.store, words("Anybody there?", 90), zoe)
    await staff.heard()
    await staff.says("Yes, of course")
    question = await asked(staff)
    await staff.presses(question.offered[0], on=question.number)
    assert to_customer(await staff.heard(), zoe) == ["Yes, of course"]


@pytest.mark.parametrize("content", [{"voice": VOICE}, {"photo": PHOTO, "caption": "the label"}])
async def test_every_kind_of_content_is_asked_about(
    staff: Staff, clock: ManualClock, content: dict[str, object]
) -> None:
    await enter_toms_dialog(staff, clock)
    await anna_writes(staff)
    await staff.writes(**content)
    question = await asked(staff)
    await staff.presses(question.offered[0], on=question.number)
    assert len(to_customer(await staff.heard(), ANNA)) == 1


async def test_a_reply_goes_to_its_target(staff: Staff, clock: ManualClock) -> None:
    await enter_toms_dialog(staff, clock)
    mirror = await anna_writes(staff)
    await staff.says("Noted, Anna", reply_to=mirror.number)
    assert to_customer(await staff.heard(), ANNA) == ["Noted, Anna"]


async def test_messages_shown_before_entering_cause_no_question(staff: Staff, clock: ManualClock) -> None:
    _, tom = await enter_toms_dialog(staff, clock)
    await anna_writes(staff)
    clock.advance(1)
    await staff.says(f"/enter {tom.id}")
    await staff.heard()
    clock.advance(1)
    await staff.says("Hi Tom")
    assert to_customer(await staff.heard(), TOM) == ["Hi Tom"]


async def test_an_album_is_asked_about_once_and_goes_together(staff: Staff, clock: ManualClock) -> None:
    await enter_toms_dialog(staff, clock)
    await anna_writes(staff)
    for part in range(3):
        photo = [{"file_id": f"p{part}", "file_unique_id": f"u{part}", "width": 1, "height": 1}]
        await staff.writes(photo=photo, media_group_id="77")
    clock.advance(5)
    question = await asked(staff)
    await staff.presses(question.offered[0], on=question.number)
    clock.advance(5)
    said = await staff.heard()
    assert [one.row["kind"] for one in said if one.call.params["chat_id"] == ANNA.telegram_id] == ["album"]
    assert to_customer(said, TOM) == []


@pytest.mark.parametrize(
    "written", ["/pause", "/close 3 form", "/take", "/info", "/note hm", ".hm", "/open More"]
)
async def test_commands_and_notes_are_asked_about_too(staff: Staff, clock: ManualClock, written: str) -> None:
    anna, tom = await enter_toms_dialog(staff, clock)
    await anna_writes(staff)
    stored = "SELECT d.*, (SELECT COUNT(*) FROM notes) AS notes FROM dialogs d ORDER BY d.id"
    before = await staff.store.read(lambda tx: tx.all(stored))
    await staff.says(written)
    question = (await staff.heard())[0]
    assert "Which one do you mean?" in question.text
    assert await staff.store.read(lambda tx: tx.all(stored)) == before
    keyboard = question.call.params["reply_markup"]["inline_keyboard"]
    captions = [row[0]["text"] for row in keyboard]
    assert captions == [f"Anna · #{anna.id}", f"Tom · #{tom.id}", "✖ Cancel"]


async def test_the_command_is_done_in_the_chosen_dialog(staff: Staff, clock: ManualClock) -> None:
    anna, tom = await enter_toms_dialog(staff, clock)
    await anna_writes(staff)
    await staff.says("/pause")
    question = (await staff.heard())[0]
    await staff.presses(question.offered[0], on=question.number)
    states = await staff.store.read(lambda tx: tx.all("SELECT id, state FROM dialogs ORDER BY id"))
    assert {row["id"]: row["state"] for row in states} == {anna.id: "paused", tom.id: "active"}
    assert "Anna" in staff.gateway.window


async def test_a_command_that_names_its_dialog_is_carried_out(staff: Staff, clock: ManualClock) -> None:
    anna, _ = await enter_toms_dialog(staff, clock)
    await anna_writes(staff)
    await staff.says(f"/pause {anna.id}")
    assert "paused" in (await staff.heard("text"))[0].text.lower()


async def test_a_reply_to_something_unknown_is_asked_about(staff: Staff, clock: ManualClock) -> None:
    """To one's own command, for example: nobody can say whether the customer is meant."""
    _, tom = await enter_toms_dialog(staff, clock)
    number = await staff.says("/away")
    await staff.heard()
    await staff.says("Back at nine", reply_to=number)
    question = (await staff.heard())[0]
    assert f"Tom · #{tom.id}" in question.text
    await staff.presses(question.offered[0], on=question.number)
    assert to_customer(await staff.heard(), TOM) == ["Back at nine"]


async def test_the_question_comes_in_the_managers_language(staff: Staff, clock: ManualClock) -> None:
    await enter_toms_dialog(staff, clock)
    await staff.store.act(
        lambda tx: tx.run("UPDATE managers SET language = 'ru' WHERE telegram_id = :id", id=ADMIN)
    )
    await anna_writes(staff)
    await staff.says("Спасибо")
    assert "Кому отправить?" in (await staff.heard())[0].text


@pytest.mark.parametrize("news", ["rating", "reminder", "reply of a colleague", "answer to another"])
async def test_messages_of_no_customer_cause_no_question(staff: Staff, clock: ManualClock, news: str) -> None:
    """A notice about another dialog made every line after it ask, and so did one's own answer elsewhere."""
    anna, tom = await enter_toms_dialog(staff, clock)
    if news == "answer to another":
        mirror = await anna_writes(staff)
        await staff.says("Noted, Anna", reply_to=mirror.number)
        await wrote(staff.store, words("And my refund?", 82), TOM)
    elif news == "reply of a colleague":
        ivan = await staff.store.act(lambda tx: named(tx, IVAN, "Ivan"))
        content = Content("text", "Your parcel is on its way")
        await staff.store.act(write_in_dialog, manager=ivan, dialog_id=anna.id, content=content)
    else:
        key = "desk_notices.rated" if news == "rating" else "desk_notices.task_started"
        told = {"id": anna.id, "title": anna.title, "value": 2}
        await staff.store.act(lambda tx: views.notify_manager(tx, ADMIN, key, told, dialog_id=anna.id))
    await staff.heard()
    for line in ("Hi Tom", "One more thing"):
        await staff.says(line)
        assert to_customer(await staff.heard(), TOM) == [line]
    await staff.says("/pause")
    states = await staff.store.read(lambda tx: tx.all("SELECT id, state FROM dialogs ORDER BY id"))
    assert {row["id"]: row["state"] for row in states} == {anna.id: "active", tom.id: "paused"}


async def test_a_notice_does_not_hide_another_customers_message(staff: Staff, clock: ManualClock) -> None:
    """Something of the dialog entered that nobody said comes after them: the line may still be the answer to them."""
    _, tom = await enter_toms_dialog(staff, clock)
    await anna_writes(staff)
    told = {"id": tom.id, "title": tom.title}
    await staff.store.act(
        lambda tx: views.notify_manager(tx, ADMIN, "desk_notices.task_started", told, dialog_id=tom.id)
    )
    await staff.heard()
    await staff.says("Thanks, card 4111 noted")
    await asked(staff)


async def test_a_manager_who_has_chosen_once_is_not_asked_again(staff: Staff, clock: ManualClock) -> None:
    await enter_toms_dialog(staff, clock)
    await anna_writes(staff)
    await staff.says("I look into it")
    question = await asked(staff)
    await staff.presses(question.offered[1], on=question.number)
    await staff.heard()
    await staff.says("Here it is")
    assert to_customer(await staff.heard(), TOM) == ["Here it is"]


async def test_an_answer_window_for_another_customer_counts_as_their_message(
    staff: Staff, clock: ManualClock
) -> None:
    """💬 Answer asks for a reply; whoever simply writes is asked before the words go to the dialog entered."""
    await enter_toms_dialog(staff, clock)
    zoe = MessageSender(510000003, "Zoe", None, "en")
    await wrote(staff.store, words("Anybody there?", 90), zoe)
    await wrote(staff.store, words("Tom again", 91), TOM)
    await staff.heard()
    number = await staff.store.read(lambda tx: customer(tx, zoe).id)
    await staff.presses(f"card.answer:{number}")
    await staff.heard()
    await staff.says("Yes, of course")
    question = await asked(staff)
    await staff.presses(question.offered[0], on=question.number)
    assert to_customer(await staff.heard(), zoe) == ["Yes, of course"]
