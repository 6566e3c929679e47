"""A funnel in the whole desk: a start link, a press, a wait that a dialog outlasts, an answer, /stop."""

from typing import Any

import pytest

from tests.journeys.hands import toast
from tests.journeys.world import World

STEPS: list[dict[str, Any]] = [
    {
        "send": {
            "text": "Welcome, {customer.name|friend}!",
            "buttons": [{"text": "Tell me more", "then": [{"tag": "curious"}]}],
        }
    },
    {"wait": "1s"},
    {"question": {"text": "Where do you live?", "name": "city", "field": "city"}},
    {"send": {"text": "{field.city|There} is near us."}},
    {"wait": "9d"},
    {"send": {"text": "Never said"}},
]


@pytest.mark.row("M-01")
@pytest.mark.row("M-02")
@pytest.mark.row("M-09")
async def test_a_funnel_waits_for_the_dialog_and_continues(desk: World) -> None:
    made = await desk.post("/funnels", {"name": "Welcome", "entry": {"start": "promo"}, "steps": STEPS}, 201)
    anna = desk.customer()
    anna.says("/start promo")
    welcome = await anna.reads("Welcome, Anna!")
    (enrolment,) = (await desk.get(f"/funnels/{made['id']}/enrolments"))["items"]
    path = f"/enrolments/{enrolment['id']}"
    thread = await desk.opened(anna)
    anna.presses(welcome, "Tell me more")
    await toast(desk, "once your question is solved")
    assert "Where do you live?" not in anna.got()
    desk.manager().says("/close 3", thread)
    await anna.reads("Where do you live?")
    anna.says("Łódź")
    await anna.reads("Łódź is near us.")
    waits = await desk.until_asked(path, lambda one: one["next_at"] is not None, "it waits for days")
    assert (waits["state"], waits["answers"]) == ("running", {"city": "Łódź"})
    anna.says("/stop")
    left = await desk.until_asked(path, lambda one: one["state"] == "left", "it ends")
    assert (left["next_at"], left["reason"]) == (None, "opted_out")
    stats = await desk.get(f"/funnels/{made['id']}/stats")
    assert (stats["left"], [row["branch"] for row in stats["steps"] if row["kind"] == "branch"]) == (
        1,
        ["Tell me more"],
    )
