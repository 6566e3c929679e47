"""Funnels over the API: definitions in versions, enrolments, faults by their path."""

from typing import Any

import pytest

from tests.web.conftest import ANNA, Api, error_of

STEPS: list[dict[str, Any]] = [
    {"send": {"text": "one", "buttons": [{"text": "Site", "url": "https://example.org/x"}]}},
    {"wait": "90s"},
    {"if": {"tag": "vip"}, "then": [{"send": {"text": "two"}}], "else": [{"stop": True}]},
]
WELCOME: dict[str, Any] = {"name": "Welcome", "entry": {"start": "promo"}, "steps": STEPS}


@pytest.mark.row("M-03")
async def test_a_definition_comes_back_as_it_was_written_in_versions(api: Api) -> None:
    made = await api.post("/funnels", WELCOME, status=201)
    first = await api.get(f"/funnels/{made['id']}")
    assert first == {**WELCOME, "id": made["id"], "version": 1, "active": True, "refused": None}
    answer = await api.call("PUT", f"/funnels/{made['id']}", first)
    assert answer.json()["version"] == 1, "the same again is no new version"
    answer = await api.call("PUT", f"/funnels/{made['id']}", {**first, "steps": STEPS[:1]})
    assert answer.json() == {
        "id": made["id"], "name": "Welcome", "version": 2, "active": True, "refused": None,
    }  # fmt: skip
    (listed,) = (await api.get("/funnels"))["items"]
    assert (listed["version"], listed["running"]) == (2, 0)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"steps": [STEPS[0], {"wait": "soon"}]}, "steps[1].wait"),
        (
            {"steps": [STEPS[0], {"if": {"tag": "x"}, "then": [{"send": {"text": ""}}]}]},
            "steps[1].then[0].send.text",
        ),
        ({"steps": []}, "steps"),
        (
            {"steps": [{"send": {"text": "x", "entities": [{"type": ["bold"], "offset": 0, "length": 1}]}}]},
            "steps[0].send.entities[0].type",
        ),
        ({"name": None}, "name"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
async def test_a_bad_definition_is_refused_by_its_path(api: Api, change: dict[str, Any], path: str) -> None:
    error = error_of(await api.call("POST", "/funnels", {**WELCOME, **change}), 400, "bad_input")
    assert error["object"]["name"] == path


@pytest.mark.row("M-03")
async def test_a_funnel_is_shown_as_a_picture(api: Api) -> None:
    funnel = await api.post("/funnels", WELCOME, status=201)
    svg = await api.call("GET", f"/funnels/{funnel['id']}/picture.svg")
    assert (svg.status_code, svg.headers["content-type"]) == (200, "image/svg+xml")
    assert svg.text.startswith("<svg") and "one" in svg.text
    png = await api.call("GET", f"/funnels/{funnel['id']}/picture.png")
    assert (png.status_code, png.content[:4]) == (200, b"\x89PNG")


async def test_a_picture_that_cannot_be_drawn_is_refused(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    funnel = await api.post("/funnels", WELCOME, status=201)
    monkeypatch.setattr("holdline.screens.reports.files.is_installed", lambda _: False)
    refused = await api.call("GET", f"/funnels/{funnel['id']}/picture.png")
    assert "reports" in error_of(refused, 503, "unavailable")["message"]


async def test_a_dry_run_lists_the_messages_and_their_times(api: Api) -> None:
    for tags, expected in ((["vip"], [(0, "one"), (90, "two")]), ([], [(0, "one")])):
        answer = await api.post("/funnels/dry-run", {**WELCOME, "profile": {"tags": tags}})
        assert [(one["after"], one["text"]) for one in answer["messages"]] == expected
    assert (await api.get("/funnels"))["items"] == []


async def test_a_funnel_name_is_unique(api: Api) -> None:
    await api.post("/funnels", WELCOME, status=201)
    assert error_of(await api.call("POST", "/funnels", WELCOME), 400, "bad_input")["object"]["name"] == "name"


@pytest.mark.row("M-02")
async def test_a_tool_enrols_a_customer_once_and_removes_them(api: Api) -> None:
    funnel = await api.post("/funnels", WELCOME, status=201)
    path = f"/funnels/{funnel['id']}/enrolments"
    first = await api.post(path, {"telegram_id": ANNA.telegram_id}, status=201)
    again = await api.post(path, {"telegram_id": ANNA.telegram_id}, status=201)
    assert again == first
    assert (first["funnel_id"], first["state"], first["step"], first["phase"]) == (
        funnel["id"],
        "running",
        "0",
        "saying",
    )
    left = await api.post(f"/enrolments/{first['id']}/leave", {})
    assert (left["state"], left["next_at"]) == ("left", None)
    assert (await api.get(f"/enrolments/{first['id']}"))["state"] == "left"
    assert [one["id"] for one in (await api.get(path, state="left"))["items"]] == [first["id"]]
    stats = await api.get(f"/funnels/{funnel['id']}/stats")
    assert (stats["running"], stats["left"]) == (0, 1)


async def test_unknown_customers_colleagues_and_paused_funnels_refuse_an_enrolment(api: Api) -> None:
    funnel = await api.post("/funnels", WELCOME, status=201)
    path = f"/funnels/{funnel['id']}/enrolments"
    error_of(await api.call("POST", path, {"telegram_id": 99}), 404, "not_found")
    colleague = error_of(
        await api.call("POST", path, {"telegram_id": api.maria.telegram_id}), 404, "not_found"
    )
    assert "belongs to this desk" in colleague["message"]
    await api.post(f"/funnels/{funnel['id']}/pause", {})
    error_of(await api.call("POST", path, {"telegram_id": ANNA.telegram_id}), 409, "funnel_paused")
    await api.post(f"/funnels/{funnel['id']}/resume", {})
    await api.post(path, {"telegram_id": ANNA.telegram_id}, status=201)
    error_of(await api.call("GET", "/funnels/999"), 404, "not_found")
    error_of(await api.call("GET", "/enrolments/999"), 404, "not_found")


async def test_an_older_version_keeps_its_definition_and_its_numbers(api: Api) -> None:
    funnel = await api.post("/funnels", WELCOME, status=201)
    path = f"/funnels/{funnel['id']}"
    await api.call("PUT", path, {**WELCOME, "steps": [{"stop": True}]})
    assert (await api.get(path))["version"] == 2
    before = await api.get(path, version=1)
    assert (before["version"], before["steps"]) == (1, WELCOME["steps"])
    assert (await api.get(f"{path}/stats", version=1))["version"] == 1
    assert (await api.call("GET", f"{path}/picture.svg", params={"version": 1})).status_code == 200
    for wrong in (path, f"{path}/stats", f"{path}/picture.svg"):
        error_of(await api.call("GET", wrong, params={"version": 3}), 404, "not_found")


async def test_the_funnels_of_a_customer_are_listed_page_by_page(api: Api) -> None:
    first = await api.post("/funnels", WELCOME, status=201)
    second = await api.post("/funnels", {**WELCOME, "name": "Other", "entry": {}}, status=201)
    await api.call(
        "PUT", f"/funnels/{second['id']}", {**WELCOME, "name": "Other", "entry": {}, "steps": STEPS[:1]}
    )
    made = [
        await api.post(f"/funnels/{funnel['id']}/enrolments", {"telegram_id": ANNA.telegram_id}, status=201)
        for funnel in (first, second)
    ]
    await api.post(f"/enrolments/{made[0]['id']}/leave", {})
    path = f"/customers/{made[0]['customer_id']}/enrolments"
    page = await api.get(path, limit=1)
    assert [(one["id"], one["version"], one["state"]) for one in page["items"]] == [
        (made[1]["id"], 2, "running")
    ]
    rest = await api.get(path, limit=1, cursor=page["next"])
    assert ([(one["id"], one["version"]) for one in rest["items"]], rest["next"]) == (
        [(made[0]["id"], 1)],
        None,
    )
    for state, which in (("running", made[1]), ("left", made[0])):
        assert [one["id"] for one in (await api.get(path, state=state))["items"]] == [which["id"]]
    assert [one["id"] for one in (await api.get(path, order="oldest"))["items"]] == [
        one["id"] for one in made
    ]
    error_of(await api.call("GET", "/customers/999/enrolments"), 404, "not_found")


async def test_history_names_who_enrolled_and_removed_a_customer(api: Api) -> None:
    funnel = await api.post("/funnels", WELCOME, status=201)
    made = await api.post(
        f"/funnels/{funnel['id']}/enrolments", {"telegram_id": ANNA.telegram_id}, status=201
    )
    await api.post(f"/enrolments/{made['id']}/leave", {})
    lines = (await api.get(f"/customers/{made['customer_id']}/history"))["items"]
    told = {line["kind"]: line for line in lines if line["kind"].startswith("funnel_")}
    assert set(told) == {"funnel_entered", "funnel_left"}
    assert all(line["text"] == "Welcome" and line["actor"]["kind"] == "system" for line in told.values())
    assert told["funnel_entered"]["data"]["entry"] == "api"
    assert told["funnel_left"]["data"]["reason"] == "taken_out"


async def test_a_funnel_that_nobody_is_in_is_deleted(api: Api) -> None:
    funnel = await api.post("/funnels", WELCOME, status=201)
    path = f"/funnels/{funnel['id']}"
    made = await api.post(f"{path}/enrolments", {"telegram_id": ANNA.telegram_id}, status=201)
    error = error_of(await api.call("DELETE", path), 409, "funnel_running")
    assert "on the way: 1" in error["message"] and error["object"]["title"] == "Welcome"
    await api.post(f"/enrolments/{made['id']}/leave", {})
    assert (await api.call("DELETE", path)).json() == {"id": funnel["id"], "deleted": True}
    error_of(await api.call("GET", path), 404, "not_found")
    error_of(await api.call("DELETE", path), 404, "not_found")
    assert (await api.get("/funnels"))["items"] == []
    assert (await api.get(f"/enrolments/{made['id']}"))["state"] == "left"
    await api.post("/funnels", WELCOME, status=201)
