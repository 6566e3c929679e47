"""🗒 Explain… asks for a text, so the next line is the explanation, in each of the three places of work."""

from collections.abc import AsyncIterator

import pytest

from holdline.store.clock import ManualClock
from holdline.store.dialogs import dialogs
from tests.bot.desk_kit import Said, to_customer
from tests.bot.places_kit import MODES, Place, desk_at
from tests.bot.staging import ANNA

LINE = "The parcel was found"


@pytest.fixture(params=MODES)
async def desk(request: pytest.FixtureRequest, store_url: str, clock: ManualClock) -> AsyncIterator[Place]:
    async with desk_at(request.param, store_url, clock) as place:
        yield place


async def explaining(desk: Place) -> Said:
    """The close form after a press of 🗒 Explain…"""
    await desk.line("/close")
    form = (await desk.heard("text"))[0]
    await press(desk, form, "explain")
    return form


async def press(desk: Place, form: Said, *action: str) -> None:
    number = form.data("form:").split(":")[1]
    spot = {"chat": form.call.params["chat_id"], "thread": form.call.params.get("message_thread_id")}
    await desk.presses(":".join(["form", number, *action]), on=form.number, **spot)


async def reason(desk: Place) -> str | None:
    dialog = await desk.store.read(lambda tx: dialogs.by_id(tx, desk.dialog.id))
    return dialog.close_reason


async def test_the_next_line_is_taken_as_the_reason_and_confirmed(desk: Place) -> None:
    form = await explaining(desk)
    assert "why it is closed" in desk.gateway.window
    await desk.line(LINE)
    said = await desk.heard()
    assert to_customer(said, ANNA) == []
    assert [one.text for one in said] == ["📌 Saved as the reason, not sent."]
    assert f"Reason: {LINE}" in desk.gateway.window
    await press(desk, form, "close")
    assert await reason(desk) == LINE


async def test_one_tap_sends_the_explanation_to_the_customer_instead(desk: Place) -> None:
    form = await explaining(desk)
    await desk.line(LINE)
    told = (await desk.heard())[0]
    await desk.press(told, "form:")
    shown = {one.params["message_id"]: str(one.params["text"]) for one in desk.gateway.edits()}
    assert f"Goes to Anna · #{desk.dialog.id}" in shown[told.number]
    await press(desk, form, "close")
    assert await reason(desk) is None


async def test_choosing_stars_in_between_still_takes_the_next_line(desk: Place) -> None:
    form = await explaining(desk)
    await press(desk, form, "score", "3")
    await desk.line(LINE)
    assert to_customer(await desk.heard(), ANNA) == []
    await desk.line("Bye!")
    assert to_customer(await desk.heard(), ANNA) == ["Bye!"], (
        "explained once, the next line is the customer's"
    )


async def test_a_chosen_field_takes_the_next_line(desk: Place) -> None:
    form = await explaining(desk)
    await press(desk, form, "comment")
    await desk.line(LINE)
    assert [one.text for one in await desk.heard()] == ["📌 Saved as the comment, not sent."]
    await press(desk, form, "close")
    assert await reason(desk) is None
