"""Closing: the manager's stars for the customer, and the form that asks the customer for theirs."""

from pathlib import Path

import pytest

from tests.journeys.hands import now, offered, press, refused, says_the_window, window
from tests.journeys.whole import world
from tests.journeys.world import IVAN, Message, Thread, World, captions

FORM = ["Bad", "Okay", "Great"]


async def close_form(at: World, thread: Thread) -> Message:
    return await window(at, thread.chat, f"Close #{thread.dialog_id}")


@pytest.mark.row("L-55")
@pytest.mark.row("L-58")
@pytest.mark.row("L-57")
async def test_stars_are_given_at_the_close_and_shown_as_the_customer_score(place: World) -> None:
    anna, maria = place.customer(), place.manager()
    thread = await place.opened(anna)
    assert "Manager → customer" not in thread.card["text"]
    await press(place, maria, thread.card, "✅ Close")
    form = await close_form(place, thread)
    assert captions(form)[:5] == ["⭐", "⭐⭐", "⭐⭐⭐", "✔ skip", "☑️ Send rating form"]
    await press(place, maria, form, "⭐⭐⭐")
    await place.until(lambda: "✔ ⭐⭐⭐" in captions(now(place, form)), "three stars are marked")
    await press(place, maria, form, "⭐⭐")
    await place.until(lambda: "✔ ⭐⭐" in captions(now(place, form)), "two stars are marked")
    await press(place, maria, form, "☑️ Send rating form", "⬜️ Send rating form")
    await place.until(lambda: "☑️ Send rating form" in captions(now(place, form)), "the tick is back")
    assert FORM not in [captions(m) for m in place.messages(anna.id)]
    await press(place, maria, form, "✅ Close #")
    card = await thread.card_says("Manager → customer: 2")
    assert "Customer → us: —" in card["text"]
    await anna.gets(lambda m: captions(m) == FORM)


@pytest.mark.row("C-05")
@pytest.mark.row("L-55")
@pytest.mark.row("L-57")
async def test_stars_may_be_skipped_and_the_form_unticked(desk: World) -> None:
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    await press(desk, maria, thread.card, "✅ Close")
    form = await close_form(desk, thread)
    await press(desk, maria, form, "☑️ Send rating form", "✅ Close #")
    card = await thread.card_says("Status: closed")
    assert "Manager → customer: —" in card["text"]
    await offered(desk, anna, "The next thing that arrives")
    await anna.gets("The next thing that arrives")
    assert FORM not in [captions(m) for m in desk.messages(anna.id)]
    dialog = await thread.dialog()
    assert (dialog["customer_score"], dialog["service_rating"]) == (None, None)


@pytest.mark.row("L-57")
async def test_the_desk_sets_the_default_of_the_rating_form_checkbox(folder: Path) -> None:
    async with world(folder, rating_form_default=False) as quiet:
        anna, maria = quiet.customer(), quiet.manager()
        thread = await quiet.opened(anna)
        await press(quiet, maria, thread.card, "✅ Close")
        form = await close_form(quiet, thread)
        assert "⬜️ Send rating form" in captions(form)
        await press(quiet, maria, form, "✅ Close #")
        await thread.card_says("Status: closed")
        await offered(quiet, anna, "The next thing that arrives")
        await anna.gets("The next thing that arrives")
        assert FORM not in [captions(m) for m in quiet.messages(anna.id)]


@pytest.mark.row("L-56")
async def test_a_manager_who_did_not_handle_the_dialog_sees_no_stars(desk: World) -> None:
    anna, maria, ivan = desk.customer(), desk.manager(), desk.manager(IVAN, "Ivan")
    thread = await desk.opened(anna, manager=ivan)
    await press(desk, maria, thread.card, "✅ Close")
    form = await close_form(desk, thread)
    assert "⭐" not in str(captions(form)) and "stars" not in form["text"]
    maria.says("/close 3", thread)
    refusal = await thread.shows(lambda m: "Only those who handled the dialog" in m.get("text", ""))
    assert "permission" not in refusal["text"]
    body = {"manager_telegram_id": maria.id, "customer_score": 3, "send_rating_form": False}
    await refused(desk, f"/dialogs/{thread.dialog_id}/close", body, "not_allowed", 403)
    assert (await thread.dialog())["state"] == "active"
    await press(desk, maria, form, "✅ Close #")
    assert "Manager → customer: —" in (await thread.card_says("Status: closed"))["text"]


@pytest.mark.row("L-55")
@pytest.mark.row("L-56")
async def test_a_handler_may_rate_even_if_another_manager_must_close(desk: World) -> None:
    anna, maria, ivan = desk.customer(), desk.manager(), desk.manager(IVAN, "Ivan")
    thread = await desk.opened(anna, manager=ivan)
    await press(desk, ivan, thread.card, "✅ Close")
    form = await close_form(desk, thread)
    assert "Closing needs a manager: the button asks them." in form["text"]
    await press(desk, ivan, form, "⭐⭐⭐", "✅ Close #")
    await says_the_window(desk, form, "I have asked them to close")
    asked = await maria.gets(lambda m: "Ivan asks to close dialog" in m.get("text", ""))
    assert (await thread.dialog())["state"] == "active"
    await press(desk, maria, asked, "✅ Close")
    hers = await maria.gets(lambda m: f"Close #{thread.dialog_id}" in m.get("text", ""))
    assert "⭐" not in str(captions(hers))
    await press(desk, maria, hers, "✅ Close #")
    card = await thread.card_says("Status: closed")
    assert "Manager → customer: 3" in card["text"]


@pytest.mark.row("C-08")
@pytest.mark.row("L-59")
@pytest.mark.row("L-60")
@pytest.mark.parametrize(
    ("language", "asked", "buttons"),
    [
        ("en", "How did we do?", FORM),
        ("ru", "Оцените, пожалуйста, нашу помощь", ["Плохо", "Нормально", "Отлично"]),
        ("pl", "Jak oceniasz naszą pomoc?", ["Źle", "Dobrze", "Świetnie"]),
    ],
)
async def test_the_customer_is_asked_with_exactly_three_buttons(
    desk: World, language: str, asked: str, buttons: list[str]
) -> None:
    anna, maria = desk.customer(language=language), desk.manager()
    thread = await desk.opened(anna)
    maria.says("/close 3 form", thread)
    form = await anna.gets(lambda m: captions(m) != [])
    assert captions(form) == buttons
    assert form["text"] == asked


@pytest.mark.row("L-65")
async def test_the_rating_form_is_sent_even_if_a_newer_dialog_holds_the_gate(desk: World) -> None:
    """Closed, and a newer dialog holds the gate already."""
    anna, maria = desk.customer(), desk.manager()
    thread = await desk.opened(anna)
    body = {"manager_telegram_id": maria.id, "send_rating_form": True}
    desk.box.faults.add("sendMessage", match="One last word", delay=3.0)
    maria.says("One last word", thread)
    await anna.gets("One last word")
    closed = await desk.post(f"/dialogs/{thread.dialog_id}/close", body)
    said = {"manager_telegram_id": maria.id, "text": "Too late"}
    await refused(desk, f"/dialogs/{thread.dialog_id}/messages", said, "dialog_closed")
    opening = {"customer_id": closed["customer_id"], "title": "The next one", "type": "Support"}
    await desk.post("/dialogs", {**opening, "manager_telegram_id": maria.id}, 201)
    assert FORM not in [captions(m) for m in desk.messages(anna.id)]
    await anna.gets(lambda m: captions(m) == FORM)
    assert "Too late" not in anna.got()
