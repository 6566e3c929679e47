"""After a customer's press the message shows the present state, and every remaining button has an effect."""

import pytest

from tests.journeys.hands import now
from tests.journeys.world import Message, Person, World, captions, rows_of


async def pressed(world: World, anna: Person, message: Message, button: str, *, says: str) -> Message:
    """The same message after the press."""
    anna.presses(message, button)
    await world.until(lambda: says in now(world, message).get("text", ""), f"the message says {says!r}")
    return now(world, message)


@pytest.mark.row("M-09")
async def test_offers_are_stopped_and_resumed_by_their_buttons(desk: World) -> None:
    anna = desk.customer()
    anna.says("/stop")
    stopped = await anna.gets(lambda m: "no more offers" in m.get("text", ""))
    anna.says("/help")
    shown = await anna.gets(lambda m: "You get no offers from us now." in m.get("text", ""))
    after = await pressed(desk, anna, shown, "🎁 Send me offers again", says="you will get our offers again")
    assert "Just write here" in after["text"] and "You get no offers" not in after["text"]
    assert rows_of(after) == []
    after = await pressed(desk, anna, stopped, "↩️ Keep the offers", says="you will get our offers again")
    assert "no more offers" not in after["text"] and rows_of(after) == []


@pytest.mark.row("C-41")
async def test_a_solved_question_loses_its_button_and_an_old_button_names_the_open_one(desk: World) -> None:
    anna = desk.customer()
    first = await desk.opened(anna)
    anna.says("/help")
    shown = await anna.gets(lambda m: captions(m) == ["✅ My question is solved"])
    anna.says("/help")
    again = await anna.gets(lambda m: captions(m) == ["✅ My question is solved"], after=shown["message_id"])
    assert (
        rows_of(await pressed(desk, anna, shown, "✅ My question is solved", says="Glad to hear it!")) == []
    )
    assert (await first.dialog())["state"] == "closed"
    second = await desk.opened(anna, "Wrong colour")
    after = await pressed(desk, anna, again, "✅ My question is solved", says="still open")
    assert (await second.dialog())["state"] == "active"
    assert (
        rows_of(await pressed(desk, anna, after, "✅ My question is solved", says="Glad to hear it!")) == []
    )
    assert (await second.dialog())["state"] == "closed"
