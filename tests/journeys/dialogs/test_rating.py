"""The customer's three buttons: one tap, one number, one dialog."""

import pytest

from tests.journeys.hands import now, number_of, press, says_the_window, toast, window
from tests.journeys.world import Message, Person, Thread, World, captions, rows_of

FORM = ["Bad", "Okay", "Great"]


async def form_of(world: World, anna: Person, maria: Person, thread: Thread, after: int = 0) -> Message:
    """Closed by a command; the form as the customer got it."""
    maria.says(f"/close #{thread.dialog_id} 3 form", thread if thread.id else None)
    return await anna.gets(lambda m: captions(m) == FORM, after=after)


@pytest.mark.row("L-62")
@pytest.mark.row("L-63")
@pytest.mark.row("L-64")
@pytest.mark.parametrize(("button", "number"), [("Bad", 1), ("Okay", 2), ("Great", 3)])
async def test_a_tap_stores_the_rating_and_is_thanked_for(desk: World, button: str, number: int) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    form = await form_of(desk, anna, maria, thread)
    assert "Thank you for your rating!" not in anna.got()
    anna.presses(form, button)
    card = await thread.card_says(f"Customer → us: {number}")
    assert "Manager → customer: 3" in card["text"]
    await anna.gets("Thank you for your rating!")
    await maria.gets(f"⭐ The customer rated dialog #{thread.dialog_id} “Lost parcel”: {number} of 3.")
    assert (await thread.dialog())["service_rating"] == number


@pytest.mark.row("C-09")
@pytest.mark.row("L-61")
@pytest.mark.row("L-62")
@pytest.mark.row("L-64")
async def test_request_captions_and_thanks_are_the_desks_own_texts(desk: World) -> None:
    """The captions are shuffled: what is stored is the position, whatever stands on the button."""
    anna, maria = desk.customer(), desk.manager()
    maria.says("/settings")
    menu = await maria.gets(lambda m: "⚙️ Settings" in m.get("text", ""))
    await press(desk, maria, menu, "Standard messages", "Rating request")
    await says_the_window(desk, menu, "How did we do?", "[ Bad ] [ Okay ] [ Great ]")
    await press(desk, maria, menu, "✏️ Text")
    maria.says("How was it, {name}?")
    shown = await window(desk, maria.id, "How was it, Anna?")
    await press(desk, maria, shown, "🔘 Captions")
    await says_the_window(desk, shown, "three captions")
    maria.says("3 stars\nGreat\nBad")
    shown = await window(desk, maria.id, "[ 3 stars ] [ Great ] [ Bad ]")
    await press(desk, maria, shown, "◀ Back", "Thanks for the rating", "✏️ Text")
    await says_the_window(desk, shown, "Write the new text")
    maria.says("We have heard you.")
    await window(desk, maria.id, "We have heard you.")
    thread = await desk.opened(anna)
    maria.says("/close form", thread)
    form = await anna.gets("How was it, Anna?")
    assert captions(form) == ["3 stars", "Great", "Bad"]
    anna.presses(form, "Great")
    await thread.card_says("Customer → us: 2")
    await anna.gets("We have heard you.")


@pytest.mark.row("L-61")
async def test_standard_texts_are_reset_and_changed_per_language(desk: World) -> None:
    anna, boris, maria = desk.customer(), desk.customer(510000002, "Boris", "ru"), desk.manager()
    maria.says("/settings")
    menu = await maria.gets(lambda m: "⚙️ Settings" in m.get("text", ""))
    await press(desk, maria, menu, "Standard messages", "Rating request", "ru")
    await says_the_window(desk, menu, "Оцените, пожалуйста, нашу помощь")
    await press(desk, maria, menu, "✏️ Text")
    maria.says("Всё ли получилось?")
    shown = await window(desk, maria.id, "Всё ли получилось?")
    first, second = await desk.opened(anna), await desk.opened(boris, "Wrong colour")
    maria.says("/close form", first)
    await anna.gets("How did we do?")
    maria.says("/close form", second)
    asked = await boris.gets("Всё ли получилось?")
    assert captions(asked) == ["Плохо", "Нормально", "Отлично"]
    await press(desk, maria, shown, "Reset to default", "Yes, reset")
    await says_the_window(desk, shown, "Оцените, пожалуйста, нашу помощь")
    third = await desk.opened(boris, "Wrong size")
    maria.says("/close form", third)
    await boris.gets("Оцените, пожалуйста, нашу помощь")


@pytest.mark.row("C-04")
@pytest.mark.row("L-66")
async def test_a_late_tap_rates_the_dialog_it_was_sent_for(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    first = await desk.opened(anna)
    form = await form_of(desk, anna, maria, first)
    second = await desk.opened(anna, "Wrong colour")
    anna.presses(form, "Okay")
    await first.card_says("Customer → us: 2")
    await anna.gets("Thank you for your rating!")
    assert (await second.dialog())["service_rating"] is None
    newer = await form_of(desk, anna, maria, second, after=form["message_id"])
    anna.presses(newer, "Great")
    await second.card_says("Customer → us: 3")
    assert (await first.dialog())["service_rating"] == 2


@pytest.mark.row("C-07")
@pytest.mark.row("L-67")
async def test_a_second_tap_is_answered_and_changes_nothing(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    form = await form_of(desk, anna, maria, thread)
    anna.presses(form, "Okay")
    anna.presses(form, "Great")
    await toast(desk, "Already saved, thank you. Your answer: Okay.")
    await desk.until(lambda: not rows_of(now(desk, form)), "the buttons are gone")
    await thread.card_says("Customer → us: 2")
    anna.says("Thanks again")
    await maria.card("Thanks again")
    await anna.gets("Thank you for your rating!")
    await maria.gets(lambda m: "The customer rated" in m.get("text", ""))
    assert anna.got().count("Thank you for your rating!") == 1
    assert (await thread.dialog())["service_rating"] == 2
    told = [m for m in desk.messages(maria.id) if "The customer rated" in m.get("text", "")]
    assert len(told) == 1
    history = await desk.get(f"/customers/{await number_of(desk, anna)}/history")
    assert [line["kind"] for line in history["items"]].count("rating_answered") == 1


@pytest.mark.row("L-67")
async def test_the_card_of_a_bad_ratings_reason_names_the_rated_dialog(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    form = await form_of(place, anna, maria, thread)
    anna.presses(form, "Bad")
    await thread.card_says("Customer → us: 1")
    anna.says("The courier was rude")
    answers = f"⭐ Answers “What went wrong?”: #{thread.dialog_id} Lost parcel, rated 1 of 3"
    assert answers in (await maria.card("The courier was rude"))["text"]
    anna.says("And late")
    chat = place.group or maria.id
    (shown,) = await place.until(
        lambda: [m for m in place.messages(chat) if "And late" in m.get("text", "")], "the next message"
    )
    assert answers not in shown["text"]


@pytest.mark.row("L-66")
async def test_an_active_dialog_is_notified_that_the_reason_of_a_bad_rating_may_arrive(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    first = await place.opened(anna)
    form = await form_of(place, anna, maria, first)
    second = await place.opened(anna, "Wrong colour")
    anna.presses(form, "Bad")
    told = await second.shows(lambda m: "asked what went wrong" in m.get("text", ""))
    assert f"#{first.dialog_id} “Lost parcel” 1 of 3" in told["text"]
    anna.says("The courier was rude")
    await second.shows(lambda m: "The courier was rude" in m.get("text", ""))
