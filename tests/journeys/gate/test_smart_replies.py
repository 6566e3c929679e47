"""A customer outside dialogs gets a smart reply at once; the desk sees it, and whether they want a person (M-13)."""

import pytest

from tests.journeys.hands import now, toast
from tests.journeys.world import Message, World, captions, rows_of

HOURS = {"name": "Hours", "question": "What are your opening hours?", "answer": "We are open from 9 to 18."}
BUTTONS = ["👍 This helped", "🙋 Talk to a person"]


@pytest.mark.row("M-13")
async def test_a_smart_reply_has_its_buttons_and_is_shown_on_the_card(desk: World) -> None:
    await desk.post("/smart-replies", HOURS, 201)
    anna = desk.customer()
    anna.says("opening hours?")
    answer = await anna.gets("We are open from 9 to 18.")
    assert captions(answer) == BUTTONS
    card = await desk.manager().card("opening hours?")
    assert "🤖 Hours: “We are open from 9 to 18.”" in card["text"]
    anna.presses(answer, BUTTONS[0])
    await toast(desk, "Glad it helped")
    await desk.until(lambda: "👍 It helped" in now(desk, card)["text"], "the card says that it helped")
    await desk.until(lambda: captions(now(desk, answer)) == BUTTONS[1:], "one button is left")
    anna.presses(answer, BUTTONS[1])
    await toast(desk, "A person will answer you here")
    await desk.until(lambda: "would like to talk to a person" in desk.seen(), "the desk hears of it")
    await desk.until(lambda: "🙋 Wants a person" in now(desk, card)["text"], "the card says so")
    await desk.until(lambda: rows_of(now(desk, answer)) == [], "no button is left")
    (kept,) = (await desk.get("/smart-replies"))["items"]
    assert (kept["answers"], kept["helped"], kept["to_person"]) == (1, 0, 1)


@pytest.mark.row("M-13")
async def test_the_manager_who_opens_the_dialog_sees_the_smart_replies(desk: World) -> None:
    await desk.post("/smart-replies", HOURS, 201)
    anna = desk.customer()
    anna.says("opening hours?")
    await anna.gets("We are open from 9 to 18.")
    maria = desk.manager()
    maria.says("/open Hours", await maria.card("opening hours?"))
    thread = await maria.thread("Hours")
    shown: Message = await thread.shows(lambda m: "We are open from 9 to 18." in m.get("text", ""))
    assert "🤖 Smart reply" in shown["text"]
    anna.says("opening hours please?")
    await thread.shows(lambda m: "opening hours please?" in m.get("text", ""))
    assert anna.got().count("We are open from 9 to 18.") == 1
