"""Rules: a manager makes one by taps, and the desk opens dialogs by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.journeys.hands import press, says_the_window
from tests.journeys.test_settings import settings_of
from tests.journeys.world import Message, World, captions


def closed_today() -> str:
    """A calendar line by which nobody works now, whatever time it is."""
    days = (datetime.now(UTC).date() + timedelta(days=by) for by in (-1, 0, 1))
    return f"Office; UTC; mon-sun 00:00-24:00; {' '.join(map(str, days))}"


async def rule_window(desk: World) -> Message:
    """The wizard, at the conditions of a customer's first words."""
    maria = desk.manager()
    hers = await settings_of(maria)
    await press(desk, maria, hers, "📅 Calendars")
    await says_the_window(desk, hers, "Write a new one")
    maria.says(closed_today())
    await desk.until_asked("/calendars", lambda found: found["items"], "the calendar")
    await press(desk, maria, hers, "All settings", "🤖 Rules", "➕ New rule", "a customer begins to write")
    return hers


@pytest.mark.row("R-04")
async def test_a_rule_made_by_taps_opens_a_dialog_of_its_type(desk: World) -> None:
    """On the first words of a customer, outside hours, where a word stands in them."""
    maria, anna, boris = desk.manager(), desk.customer(), desk.customer(510000002, "Boris")
    hers = await rule_window(desk)
    await press(desk, maria, hers, "🌙 Hours")
    await says_the_window(desk, hers, "Only if: outside working hours")
    await press(desk, maria, hers, "💬 Words")
    await says_the_window(desk, hers, "Write the words")
    maria.says("refund, money back")
    await says_the_window(desk, hers, "the text has one of “refund” / “money back”")
    await press(desk, maria, hers, "Next", "🆕 Open a dialog", "Refund", "💬 Answer")
    await says_the_window(desk, hers, "Write what the customer gets")
    maria.says("We have your words and are back in the morning.")
    await press(desk, maria, hers, "Next", "Take “refund, money back”")
    await says_the_window(desk, hers, "Nothing to try it on yet")
    await press(desk, maria, hers, "✅ Save and switch on")
    await says_the_window(desk, hers, "✅ On", "ran 0×")
    boris.says("Good evening")
    await maria.card("Good evening")
    anna.says("I want my money back")
    thread = await maria.thread("I want my money back")
    await anna.gets("We have your words and are back in the morning.")
    dialog = await thread.dialog()
    assert (dialog["type"], dialog["state"], dialog["assignee"]) == ("Refund", "active", None)
    assert len((await desk.get("/dialogs"))["items"]) == 1
    history = (await desk.get(f"/dialogs/{dialog['id']}/history"))["items"]
    assert history[0]["actor"] == {"kind": "rule", "name": "refund, money back"}
    await press(desk, maria, hers, "Back")
    await says_the_window(desk, hers, "1. ✅ refund, money back", "ran 1×")


@pytest.mark.row("R-04")
async def test_a_rule_without_conditions_opens_a_dialog_for_each_customer(desk: World) -> None:
    """A rule without any condition: every conversation begins as a dialog; off, none does."""
    maria, anna, boris = desk.manager(), desk.customer(), desk.customer(510000002, "Boris")
    hers = await rule_window(desk)
    await press(desk, maria, hers, "Next", "🆕 Open a dialog", "The usual type", "Next", "Take “")
    shown = await press(desk, maria, hers, "💾 Save, switched off")
    shown = await says_the_window(desk, hers, "⏸ Off")
    assert not [caption for caption in captions(shown) if caption == "✅ Switch on"]
    anna.says("Where is my parcel?")
    await maria.card("Where is my parcel?")
    await press(desk, maria, hers, "▶️ Dry run, then switch on")
    await says_the_window(desk, hers, "it would have run 1×", "Anna", "“Where is my parcel?”")
    await press(desk, maria, hers, "✅ Switch on")
    await says_the_window(desk, hers, "✅ On")
    assert (await desk.get("/dialogs"))["items"] == []  # a dry run does nothing
    boris.says("My invoice is wrong")
    thread = await maria.thread("My invoice is wrong")
    assert (await thread.dialog())["type"] == "Support"
