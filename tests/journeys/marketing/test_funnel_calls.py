"""The calls of funnels as an outside program makes them, beside dialogs as managers hold them."""

import pytest

from tests.journeys.hands import number_of
from tests.journeys.marketing.hands import closed, held_dialog, is_in, patched, started
from tests.journeys.world import World

SECONDS = "2s"


@pytest.mark.row("M-01")
@pytest.mark.row("M-04")
async def test_a_funnel_runs_and_is_held_by_a_dialog(desk: World) -> None:
    anna = await started(desk)
    thanks, offer = ([{"send": {"text": text}}] for text in ("Thank you for buying", "First offer"))
    steps = [
        {"send": {"text": "Welcome, Anna"}},
        {"wait": SECONDS},
        {"if": {"tag": "buyer"}, "then": thanks, "else": offer},
        {"tag": "welcomed"},
        {"goal": "done"},
    ]
    funnel = await desk.post("/funnels", {"name": "Welcome", "steps": steps}, 201)
    assert (funnel["name"], funnel["version"]) == ("Welcome", 1)
    run = await desk.post(f"/funnels/{funnel['id']}/enrolments", {"telegram_id": anna.id}, 201)
    assert (run["funnel_id"], run["state"]) == (funnel["id"], "running")
    again = await desk.api.post(f"/funnels/{funnel['id']}/enrolments", json={"telegram_id": anna.id})
    assert again.json()["id"] == run["id"]
    await anna.gets("Welcome, Anna")
    dialog = await held_dialog(desk, anna)
    number = await number_of(desk, anna)
    await is_in(desk, f"/customers/{number}/gate", held=1)
    held = (await desk.get(f"/customers/{number}/held"))["items"]
    assert [(one["class"], one["text"], one["source"]) for one in held] == [
        ("funnel", "First offer", {"funnel": "Welcome"})
    ]
    await closed(desk, dialog)
    await anna.gets("First offer")
    await is_in(desk, f"/enrolments/{run['id']}", state="done", next_at=None)
    found = await desk.get(f"/customers?telegram_id={anna.id}")
    assert found["items"][0]["tags"] == ["welcomed"]


@pytest.mark.row("M-03")
async def test_a_running_enrolment_stays_on_its_version(desk: World) -> None:
    anna, boris = await started(desk), await started(desk, 510000002, "Boris")
    old = [{"send": {"text": "Old one"}}, {"wait": SECONDS}, {"send": {"text": "Old two"}}]
    new = [{"send": {"text": "New one"}}]
    funnel = await desk.post("/funnels", {"name": "Series", "steps": old}, 201)
    await desk.post(f"/funnels/{funnel['id']}/enrolments", {"telegram_id": anna.id}, 201)
    await anna.gets("Old one")
    answer = await desk.api.put(f"/funnels/{funnel['id']}", json={"name": "Series", "steps": new})
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    shown = await desk.get(f"/funnels/{funnel['id']}")
    assert (shown["version"], shown["steps"], shown["name"]) == (2, new, "Series")
    await desk.post(f"/funnels/{funnel['id']}/enrolments", {"telegram_id": boris.id}, 201)
    await boris.gets("New one")
    await anna.gets("Old two")
    picture = await desk.api.get(f"/funnels/{funnel['id']}/picture.svg")
    assert picture.status_code == 200 and picture.text.lstrip().startswith(("<svg", "<?xml"))


@pytest.mark.row("M-02")
async def test_a_funnel_begins_with_a_start_payload_and_with_a_tag(desk: World) -> None:
    for entry, text in (({"start": "promo"}, "From the link"), ({"tag": "vip"}, "For our best")):
        await desk.post("/funnels", {"name": text, "entry": entry, "steps": [{"send": {"text": text}}]}, 201)
    anna = desk.customer()
    anna.says("/start promo")
    await anna.gets("From the link")
    assert (await patched(desk, anna, tags=["vip"]))["tags"] == ["vip"]
    await anna.gets("For our best")


BAD_FUNNELS = {
    "steps[1].wait": [{"send": {"text": "x"}}, {"wait": "soon"}],
    "steps[1].then[0].send.text": [
        {"send": {"text": "x"}},
        {"if": {"tag": "a"}, "then": [{"send": {"text": ""}}]},
    ],
    "steps[0].until": [{"until": "25:00"}],
}


@pytest.mark.parametrize("path", BAD_FUNNELS)
async def test_a_bad_funnel_is_refused_with_the_path_of_the_fault(desk: World, path: str) -> None:
    answer = await desk.post("/funnels", {"name": "Bad", "steps": BAD_FUNNELS[path]}, 400)
    assert (answer["error"]["code"], answer["error"]["object"]["name"]) == ("bad_input", path)


async def test_a_dry_run_shows_the_messages_and_their_times(desk: World) -> None:
    steps = [
        {"send": {"text": "One"}},
        {"wait": "2h"},
        {"if": {"tag": "buyer"}, "then": [{"send": {"text": "Two"}}], "else": [{"stop": True}]},
    ]
    body = {"name": "Try", "steps": steps, "profile": {"tags": ["buyer"]}}
    said = (await desk.post("/funnels/dry-run", body))["messages"]
    assert [(one["after"], one["text"]) for one in said] == [(0, "One"), (7200, "Two")]
    body["profile"] = {"tags": []}
    assert [one["text"] for one in (await desk.post("/funnels/dry-run", body))["messages"]] == ["One"]
