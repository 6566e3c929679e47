"""Broadcasts as an outside tool creates, follows and ends them."""

from dataclasses import replace
from typing import Any

import pytest

from holdline.scheduler.broadcast_loop import BroadcastLoop
from holdline.store.people import customers
from tests.web.conftest import Api, error_of

AD: dict[str, Any] = {"text": "Hello, {customer.name|friend}!", "audience": {}}
LINK = {"text": "Look", "url": "https://example.org"}


@pytest.fixture
async def tool(api: Api) -> Api:
    """Anna and Boris have started the bot."""
    for customer in (api.anna, api.boris):
        await api.store.act(lambda tx, who=customer.id: customers.set_fields(tx, who, started_at=tx.at))
    return api


@pytest.mark.row("M-05")
@pytest.mark.row("M-06")
async def test_a_broadcast_is_made_watched_paused_resumed_and_cancelled(tool: Api) -> None:
    dialog = await tool.open()
    made = await tool.post("/broadcasts", AD, status=201)
    assert (made["status"], made["recipients"], made["waiting"], made["sent"]) == ("sending", 2, 2, 0)
    await BroadcastLoop(tool.store).tick()
    path = f"/broadcasts/{made['id']}"
    now = await tool.get(path)
    assert (now["held"], now["waiting"], now["eta_seconds"]) == (1, 1, 1)
    assert (await tool.get(f"/customers/{tool.anna.id}/gate"))["held"] == 1
    held = await tool.get(f"{path}/recipients", status="held")
    assert [item["customer_id"] for item in held["items"]] == [tool.anna.id]
    assert (await tool.post(f"{path}/pause", {}))["status"] == "paused"
    assert (await tool.post(f"{path}/resume", {}))["status"] == "sending"
    cancelled = await tool.post(f"{path}/cancel", {})
    assert (cancelled["status"], cancelled["held"], cancelled["waiting"]) == ("cancelled", 0, 0)
    await BroadcastLoop(tool.store).tick()
    assert (await tool.get(f"/customers/{tool.anna.id}/gate"))["held"] == 0
    for verb in ("pause", "resume", "cancel"):
        error = error_of(await tool.call("POST", f"{path}/{verb}", {}), 409, "wrong_state")
        assert error["object"] == {"type": "broadcast", "id": made["id"]}
    assert (await tool.move(dialog, "pause"))["state"] == "paused"
    assert [item["id"] for item in (await tool.get("/broadcasts"))["items"]] == [made["id"]]


async def test_a_broadcast_shows_the_text_of_each_variant_also_after_a_change(tool: Api) -> None:
    variants = [{"text": "One {customer.name|you}", "share": 30}, {"html": "<b>Two</b>", "share": 70}]
    made = await tool.post("/broadcasts", {"variants": variants, "audience": {}}, status=201)
    assert made["variants"] == [
        {"text": "One {customer.name|you}", "share": 30},
        {"text": "Two", "share": 70},
    ]
    path = f"/broadcasts/{made['id']}"
    texts = {"variants": [{"text": "Eins"}, {"text": "Zwei"}]}
    changed = await tool.call("PATCH", path, texts)
    assert changed.json()["variants"] == [{"text": "Eins", "share": 30}, {"text": "Zwei", "share": 70}]
    plain = await tool.post("/broadcasts", AD, status=201)
    assert plain["variants"] == [{"text": plain["text"], "share": 100}]


async def test_a_file_has_the_status_of_every_recipient(tool: Api) -> None:
    made = await tool.post("/broadcasts", AD, status=201)
    await BroadcastLoop(tool.store).tick()
    answer = await tool.call("GET", f"/broadcasts/{made['id']}/recipients.csv")
    lines = answer.text.splitlines()
    assert lines[0] == "customer_id,telegram_id,name,status,at,reason,variant"
    assert lines[1].startswith(f"{tool.anna.id},{tool.anna.telegram_id},Anna,waiting,")
    assert len(lines) == 3
    error_of(await tool.call("GET", "/broadcasts/99/recipients.csv"), 404, "not_found")


async def test_sent_text_is_changed_and_deleted(tool: Api) -> None:
    made = await tool.post("/broadcasts", AD, status=201)
    path = f"/broadcasts/{made['id']}"
    await BroadcastLoop(tool.store).tick()
    changed = await tool.call("PATCH", path, {"html": "<b>Bye</b>, {customer.name}"})
    assert (changed.json()["change"], changed.json()["text"]) == ("edit", "Bye, {customer.name}")
    await BroadcastLoop(tool.store).tick()
    transcript = await tool.get(f"/customers/{tool.anna.id}/transcript")
    assert [item["text"] for item in transcript["items"]] == ["Bye, Anna"]
    await BroadcastLoop(tool.store).tick()
    now = await tool.get(path)
    assert (now["change"], now["changes_done"]) == (None, 2)
    gone = await tool.call("DELETE", f"{path}/messages")
    assert (gone.json()["status"], gone.json()["change"]) == ("cancelled", "delete")
    error = error_of(
        await tool.call("PATCH", path, {"variants": [{"text": "a"}, {"text": "b"}]}), 400, "bad_input"
    )
    assert error["object"]["name"] == "variants"


LATER = "2096-12-01T10:00:00Z"


@pytest.mark.row("M-05")
async def test_before_the_start_time_audience_and_text_are_changed_in_one_call(tool: Api) -> None:
    made = await tool.post("/broadcasts", {**AD, "at": LATER}, status=201)
    path = f"/broadcasts/{made['id']}"
    asked = {"audience": {"language": "ru"}, "local_at": "2096-12-01T10:00", "text": "Hello"}
    changed = (await tool.call("PATCH", path, asked)).json()
    assert (changed["recipients"], changed["text"], changed["status"]) == (1, "Hello", "scheduled")
    assert changed["local_at"] == "2096-12-01T10:00:00" and changed["change"] is None
    for body, field in (
        ({"at": "2020-01-01T00:00:00Z"}, "at"),
        ({"at": LATER, "local_at": "2096-12-01T10:00"}, "local_at"),
        ({"audience": {"langauge": "ru"}}, "audience.langauge"),
        ({"audience": {"funnels": [{"funnel": "none", "state": "never"}]}}, "audience.funnels.0.funnel"),
        ({"at": LATER, "variants": [{"text": "a"}, {"text": "b"}]}, "variants"),
        ({}, "text"),
        ({"at": None}, "text"),
    ):
        error = error_of(await tool.call("PATCH", path, body), 400, "bad_input")
        assert error["object"]["name"] == field, body
    same = await tool.get(path)
    assert {**same, "text": "Hello"} == {**changed, "text": "Hello"}, "nothing else was changed"
    now = tool.store.clock.now().isoformat()
    assert (await tool.call("PATCH", path, {"at": now})).json()["status"] == "sending"
    await BroadcastLoop(tool.store).tick()
    error = error_of(await tool.call("PATCH", path, {"at": LATER}), 409, "wrong_state")
    assert error["allowed"] == ["pause", "cancel"] and "has started" in error["message"]
    error_of(await tool.call("PATCH", "/broadcasts/99", {"at": LATER}), 404, "not_found")


@pytest.mark.row("M-06")
async def test_buttons_and_recipients_state_what_they_need(tool: Api) -> None:
    buttons = [LINK, {"text": "I want it", "data": "yes"}]
    made = await tool.post("/broadcasts", {**AD, "buttons": buttons}, status=201)
    assert made["buttons"] == [{"text": "I want it", "data": "yes", "presses": 0, "people": 0}]
    assert (made["quiet_hours"], made["cap_per_day"], made["goes_on_at"]) == (0, 0, None)
    await BroadcastLoop(tool.store).tick()
    listed = await tool.get(f"/broadcasts/{made['id']}/recipients")
    assert [item["telegram_id"] for item in listed["items"]] == [
        tool.anna.telegram_id,
        tool.boris.telegram_id,
    ]


async def test_a_repeated_call_with_its_key_creates_one_broadcast(tool: Api) -> None:
    first = await tool.post("/broadcasts", AD, status=201, key="sale")
    again = await tool.post("/broadcasts", AD, status=201, key="sale")
    assert first == again
    assert len((await tool.get("/broadcasts"))["items"]) == 1


async def test_a_dry_run_counts_the_audience_and_a_test_reaches_one_customer(tool: Api) -> None:
    assert await tool.post("/broadcasts", {**AD, "dry_run": True}) == {"recipients": 2}
    narrowed = {**AD, "audience": {"language": "ru"}, "dry_run": True}
    assert await tool.post("/broadcasts", narrowed) == {"recipients": 1}
    test = {"text": "Hello, {customer.name|friend}!", "test_to": tool.boris.telegram_id}
    assert await tool.post("/broadcasts", test) == {"recipients": 1}
    assert (await tool.get("/broadcasts"))["items"] == []
    rows = await tool.store.read(
        lambda tx: tx.all("SELECT m.customer_id, m.text FROM outbox o JOIN messages m ON m.id = o.message_id")
    )
    assert rows == [{"customer_id": tool.boris.id, "text": "Hello, Boris!"}]
    await_error = await tool.call("POST", "/broadcasts", {**test, "test_to": 777})
    error_of(await_error, 404, "not_found")


REFUSED = [
    ({"text": "a"}, "audience"),
    ({"audience": {}}, "text"),
    ({"text": "a", "variants": [{"text": "b", "share": 100}], "audience": {}}, "text"),
    ({"variants": [{"text": "a", "share": 60}, {"text": "b", "share": 30}], "audience": {}}, "variants"),
    ({"variants": [{"text": "a", "share": 0}], "audience": {}}, "variants.0.share"),
    ({"text": "Dear {customer.surname}", "audience": {}}, "text"),
    ({"text": "In {field.city}", "audience": {}}, "text"),
    ({"text": "a", "audience": {}, "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
    ({"text": "a", "audience": {}, "local_at": "2026-12-01T10:00:00Z"}, "local_at"),
    (
        {"text": "a", "audience": {}, "local_at": "2026-12-01T10:00", "at": "2026-12-01T10:00:00Z"},
        "local_at",
    ),
    ({"text": "a", "audience": {"langauge": "en"}}, "audience.langauge"),
    ({"text": "a", "audience": {}, "at": "2020-12-01T10:00:00Z"}, "at"),
    ({"text": "a", "audience": {}, "at": "2020-12-01T10:00:00Z", "dry_run": True}, "at"),
    ({"text": "a", "audience": {}, "test_to": 510000001, "dry_run": True}, "dry_run"),
    ({"text": "a", "audience": {}, "local_at": "2020-12-01T10:00"}, "local_at"),
    ({"text": "a", "audience": {}, "local_at": "9999-12-31T23:59"}, "local_at"),
    ({"text": "a", "audience": {}, "buttons": [{"text": "b", "data": "funnel:none"}]}, "buttons"),
    ({"text": " ", "audience": {}}, "text"),
    ({"text": "a", "audience": {}, "buttons": [{"text": "b"}]}, "buttons.0"),
]


@pytest.mark.parametrize(("body", "field"), REFUSED)
async def test_an_invalid_broadcast_names_its_field(tool: Api, body: dict[str, Any], field: str) -> None:
    error = error_of(await tool.call("POST", "/broadcasts", body), 400, "bad_input")
    assert error["object"]["name"] == field
    assert (await tool.get("/broadcasts"))["items"] == []


async def test_an_end_before_the_start_is_not_called_past(tool: Api) -> None:
    body = {"text": "a", "audience": {}, "at": "2096-12-03T00:00:00Z", "expires_at": "2096-12-02T00:00:00Z"}
    error = error_of(await tool.call("POST", "/broadcasts", body), 400, "bad_input")
    assert error["object"]["name"] == "expires_at" and "not after the start" in error["message"]


async def test_a_refused_broadcast_names_what_is_missing(tool: Api) -> None:
    for text, says in (
        ("In {field.city}", "{field.city} needs a text"),
        ("In {field.city}", "{field.city|…}"),
        ("In {feld.city}", "there is no variable {feld.city}"),
    ):
        answer = await tool.call("POST", "/broadcasts", {"text": text, "audience": {}})
        assert says in error_of(answer, 400, "bad_input")["message"]
    made = await tool.post("/broadcasts", {**AD, "at": LATER}, status=201)
    answer = await tool.call("PATCH", f"/broadcasts/{made['id']}", {})
    assert "text, html" in error_of(answer, 400, "bad_input")["message"]
    assert "local_at, expires_at, audience" in answer.json()["error"]["message"]


FUNNEL: dict[str, Any] = {"name": "Welcome", "steps": [{"send": {"text": "one"}}]}


@pytest.mark.row("M-05")
async def test_an_audience_is_narrowed_by_funnels_named_by_their_number_or_their_name(tool: Api) -> None:
    funnel = await tool.post("/funnels", FUNNEL, status=201)
    who = {"telegram_id": tool.anna.telegram_id}
    await tool.post(f"/funnels/{funnel['id']}/enrolments", who, status=201)
    for audience, expected in (
        ({"funnels": [{"funnel": "Welcome", "state": "running"}]}, 1),
        ({"funnels": [{"funnel": funnel["id"], "state": "never"}]}, 1),
        ({"exclude_funnels": [{"funnel": "Welcome", "state": "running"}]}, 1),
        ({"funnels": [{"funnel": "Welcome", "state": "goal"}]}, 0),
    ):
        counted = await tool.post("/broadcasts", {"text": "Hello", "audience": audience, "dry_run": True})
        assert counted == {"recipients": expected}, audience


@pytest.mark.parametrize(
    ("conditions", "field"),
    [
        ([{"funnel": "Nothing", "state": "never"}], "audience.exclude_funnels.0.funnel"),
        ([{"funnel": 99, "state": "never"}], "audience.exclude_funnels.0.funnel"),
        ([{"funnel": "Welcome", "state": "finished"}], "audience.exclude_funnels.0.state"),
        ([{"funnel": True, "state": "never"}], "audience.exclude_funnels.0.funnel"),
        ([{"state": "never"}], "audience.exclude_funnels.0.funnel"),
    ],
)
async def test_an_error_in_a_funnel_condition_of_an_audience_is_named(
    tool: Api, conditions: Any, field: str
) -> None:
    body = {"text": "Hello", "audience": {"exclude_funnels": conditions}}
    error = error_of(await tool.call("POST", "/broadcasts", body), 400, "bad_input")
    assert error["object"]["name"] == field


async def test_a_misspelt_field_is_refused_with_the_valid_fields(tool: Api) -> None:
    body = {"text": "a", "audience": {"tag": ["vip"]}}
    error = error_of(await tool.call("POST", "/broadcasts", body), 400, "bad_input")
    assert error["message"].startswith("There is no field “audience.tag” here. Allowed are: tags, any_tags,")
    error = error_of(
        await tool.call("POST", "/broadcasts", {**AD, "buttons": [{**LINK, "ulr": "b"}]}), 400, "bad_input"
    )
    assert error["object"]["name"] == "buttons.0.ulr" and "text, url, data" in error["message"]


async def test_a_button_enrols_its_reader_in_a_funnel(tool: Api) -> None:
    funnel = {"name": "welcome", "steps": [{"send": {"text": "Hi"}}]}
    made = await tool.post("/funnels", funnel, status=201)
    ad = {**AD, "buttons": [{"text": "Join", "data": "funnel:welcome"}], "dry_run": True}
    error = error_of(await tool.call("POST", "/broadcasts", ad), 400, "bad_input")
    assert "button = true" in error["message"]
    await tool.call("PUT", f"/funnels/{made['id']}", {**funnel, "entry": {"button": True}})
    assert (await tool.post("/broadcasts", ad)) == {"recipients": 2}


@pytest.mark.row("M-05")
async def test_a_budget_in_stars_is_accepted_if_the_owner_allows_it(tool: Api) -> None:
    body = {**AD, "paid_stars": 50}
    error = error_of(await tool.call("POST", "/broadcasts", body), 400, "bad_input")
    assert error["object"]["name"] == "paid_stars" and "marketing.paid_per_second" in error["message"]
    error = error_of(await tool.call("POST", "/broadcasts", {**body, "dry_run": True}), 400, "bad_input")
    tool.store.rules = replace(tool.store.rules, per_second=30, paid_per_second=1000)
    error = error_of(await tool.call("POST", "/broadcasts", {**AD, "paid_stars": 0}), 400, "bad_input")
    assert error["object"]["name"] == "paid_stars"
    made = await tool.post("/broadcasts", body, status=201)
    assert (made["paid_stars"], made["paid_spent"], made["paid_stopped"]) == (50, 0, None)
    free = await tool.post("/broadcasts", AD, status=201)
    assert (free["paid_stars"], free["paid_spent"], free["paid_stopped"]) == (None, None, None)
