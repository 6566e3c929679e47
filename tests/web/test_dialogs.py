"""The life of a dialog, as an outside program drives it."""

from typing import Any

import pytest

from tests.web.conftest import Api, error_of


@pytest.mark.row("L-02")
@pytest.mark.row("L-03")
@pytest.mark.row("L-06")
@pytest.mark.row("L-07")
@pytest.mark.row("L-30")
async def test_a_new_dialog_is_active_and_carries_everything(api: Api) -> None:
    await api.post("/lists/reasons", {"name": "Late"}, status=201)
    await api.post("/lists/components", {"name": "Courier"}, status=201)
    dialog = await api.open(
        participants=[api.ivan.telegram_id], reasons=["Late"], components=["Courier"], description="No parcel"
    )
    maria = {"telegram_id": api.maria.telegram_id, "name": "Maria"}
    assert dialog | {"id": 0, "created_at": ""} == {
        "id": 0,
        "customer_id": api.anna.id,
        "title": "Lost parcel",
        "state": "active",
        "stage": "New",
        "type": "Support",
        "assignee": maria,
        "participants": [maria, {"telegram_id": api.ivan.telegram_id, "name": "Ivan"}],
        "reasons": ["Late"],
        "components": ["Courier"],
        "tags": [],
        "root_causes": [],
        "team": None,
        "queue": None,
        "priority": "normal",
        "description": "No parcel",
        "fields": {},
        "due_at": None,
        "overdue": False,
        "sla": None,
        "outcome": None,
        "follow_up_of": None,
        "merged_into": None,
        "service_rating": None,
        "customer_score": None,
        "close_reason": None,
        "close_comment": None,
        "root_cause": None,
        "channel": "telegram",
        "inbox": "",
        "attachments": 0,
        "created_at": "",
        "changed_at": "2026-01-01T00:00:00Z",
        "last_message_at": None,
        "closed_at": None,
    }
    assert dialog["created_at"] == "2026-01-01T00:00:00Z"
    assert await api.get(f"/dialogs/{dialog['id']}") == dialog


@pytest.mark.row("L-31")
@pytest.mark.row("L-51")
async def test_the_api_allows_only_the_four_transitions(api: Api) -> None:
    dialog = await api.open()
    path, by = f"/dialogs/{dialog['id']}", {"manager_telegram_id": api.maria.telegram_id}
    error = error_of(await api.call("POST", path + "/resume", by), 409, "wrong_state")
    assert error["allowed"] == ["pause", "close"]
    assert (await api.move(dialog, "pause"))["state"] == "paused"
    error = error_of(await api.call("POST", path + "/pause", by), 409, "wrong_state")
    assert error["object"] == {
        "type": "dialog",
        "id": dialog["id"],
        "title": "Lost parcel",
        "state": "paused",
    }
    assert (await api.move(dialog, "resume"))["state"] == "active"
    closed = await api.move(dialog, "close", send_rating_form=False)
    assert (closed["state"], closed["stage"]) == ("closed", "Closed")
    assert closed["closed_at"] == "2026-01-01T00:00:00Z"
    for step in ("pause", "resume", "close"):
        error = error_of(await api.call("POST", f"{path}/{step}", by), 409, "dialog_closed")
        assert error["allowed"] == ["write_general", "new_dialog"]


@pytest.mark.row("L-42")
@pytest.mark.row("L-43")
async def test_the_api_refuses_a_second_active_dialog_and_names_the_first(api: Api) -> None:
    dialog = await api.open()
    body = {
        "customer_id": api.anna.id,
        "title": "Another",
        "type": "Support",
        "manager_telegram_id": api.maria.telegram_id,
    }
    error = error_of(await api.call("POST", "/dialogs", body), 409, "active_dialog_exists")
    assert (error["object"]["id"], error["object"]["title"]) == (dialog["id"], "Lost parcel")
    assert error["allowed"] == ["pause", "close"]
    assert f"#{dialog['id']}" in error["message"]


@pytest.mark.row("L-44")
async def test_a_paused_dialog_cannot_be_resumed_beside_an_active_one(api: Api) -> None:
    first = await api.open()
    await api.move(first, "pause")
    second = await api.open("Another")
    by = {"manager_telegram_id": api.maria.telegram_id}
    answer = await api.call("POST", f"/dialogs/{first['id']}/resume", by)
    assert error_of(answer, 409, "active_dialog_exists")["object"]["id"] == second["id"]


@pytest.mark.row("L-55")
@pytest.mark.row("R-29")
async def test_a_close_keeps_score_reason_comment_and_root_cause(api: Api) -> None:
    await api.post("/lists/root_causes", {"name": "Courier"}, status=201)
    words = {"reason": "Found", "comment": "At a neighbour's", "root_cause": "Courier"}
    closed = await api.move(await api.open(), "close", customer_score=3, send_rating_form=True, **words)
    assert closed["customer_score"] == 3
    assert (closed["close_reason"], closed["close_comment"]) == ("Found", "At a neighbour's")
    assert closed["root_cause"] == "Courier"


@pytest.mark.row("L-55")
@pytest.mark.parametrize("score", [0, 4, "3", True, 2.5, [1]])
async def test_a_score_is_one_to_three(api: Api, score: Any) -> None:
    dialog = await api.open()
    body = {"manager_telegram_id": api.maria.telegram_id, "customer_score": score}
    answer = await api.call("POST", f"/dialogs/{dialog['id']}/close", body)
    assert error_of(answer, 400, "bad_input")["object"] == {"type": "field", "name": "customer_score"}
    assert (await api.get(f"/dialogs/{dialog['id']}"))["state"] == "active"


@pytest.mark.row("L-56")
async def test_only_a_handler_scores_the_customer_at_the_api(api: Api) -> None:
    dialog = await api.open(manager_telegram_id=api.ivan.telegram_id)
    body = {"manager_telegram_id": api.maria.telegram_id, "customer_score": 1}
    error_of(await api.call("POST", f"/dialogs/{dialog['id']}/close", body), 403, "not_allowed")


@pytest.mark.row("R-03")
async def test_an_agent_s_close_becomes_a_request(api: Api) -> None:
    dialog = await api.open(manager_telegram_id=api.ivan.telegram_id)
    answer = await api.post(f"/dialogs/{dialog['id']}/close", {"manager_telegram_id": api.ivan.telegram_id})
    assert answer["state"] == "active"
    kinds = [entry["kind"] for entry in (await api.get(f"/dialogs/{dialog['id']}/history"))["items"]]
    assert kinds[-1] == "close_requested"


async def test_no_call_acts_as_a_stranger_or_a_former_manager(api: Api) -> None:
    dialog = await api.open()
    path = f"/dialogs/{dialog['id']}/pause"
    error = error_of(await api.call("POST", path, {"manager_telegram_id": 499}), 404, "not_found")
    assert error["object"] == {"type": "manager", "id": 499}
    left = await api.call("PATCH", f"/managers/{api.ivan.id}", {"active": False})
    assert left.status_code == 200
    by = {"manager_telegram_id": api.ivan.telegram_id}
    error_of(await api.call("POST", path, by), 403, "not_allowed")
    assert (await api.get(f"/dialogs/{dialog['id']}"))["state"] == "active"


@pytest.mark.row("L-25")
@pytest.mark.row("L-26")
async def test_changes_apply_together_and_make_one_line_of_history(api: Api) -> None:
    await api.post("/lists/tags", {"name": "vip"}, status=201)
    dialog = await api.open()
    body = {
        "manager_telegram_id": api.maria.telegram_id,
        "title": "Found parcel",
        "type": "Refund",
        "tags": ["vip"],
    }
    changed = await api.call("PATCH", f"/dialogs/{dialog['id']}", body)
    assert changed.status_code == 200, changed.text
    assert [changed.json()[name] for name in ("title", "type", "tags")] == ["Found parcel", "Refund", ["vip"]]
    history = (await api.get(f"/dialogs/{dialog['id']}/history"))["items"]
    assert [entry["kind"] for entry in history].count("dialog_changed") == 1


@pytest.mark.row("S-07")
@pytest.mark.row("S-11")
async def test_a_dialog_is_assigned_and_the_assignment_taken_back(api: Api) -> None:
    dialog = await api.open()
    path, by = f"/dialogs/{dialog['id']}/assign", {"manager_telegram_id": api.maria.telegram_id}
    given = await api.post(path, {**by, "assignee_telegram_id": api.ivan.telegram_id})
    assert given["assignee"] == {"telegram_id": api.ivan.telegram_id, "name": "Ivan"}
    assert (await api.post(path, {**by, "assignee_telegram_id": None}))["assignee"] is None


@pytest.mark.row("L-28")
@pytest.mark.row("K-13")
@pytest.mark.row("K-14")
async def test_a_customer_s_dialogs_come_in_either_order_and_by_state(api: Api) -> None:
    made = []
    for title in ("One", "Two", "Three"):
        made.append(await api.open(title))
        await api.move(made[-1], "close", send_rating_form=False)
    last = await api.open("Four")
    path = f"/customers/{api.anna.id}/dialogs"
    ids = [dialog["id"] for dialog in [*made, last]]
    assert [d["id"] for d in (await api.get(path, order="oldest"))["items"]] == ids
    assert [d["id"] for d in (await api.get(path, order="newest"))["items"]] == ids[::-1]
    assert [d["id"] for d in (await api.get(path, state="active"))["items"]] == [last["id"]]
    assert (await api.get(f"/customers/{api.boris.id}/dialogs"))["items"] == []
    error_of(await api.call("GET", "/customers/999999/dialogs"), 404, "not_found")


@pytest.mark.row("L-53")
@pytest.mark.row("W-30")
async def test_the_list_of_dialogs_is_filtered_by_state_assignee_stage_and_tag(api: Api) -> None:
    await api.post("/lists/tags", {"name": "vip"}, status=201)
    first = await api.open("First")
    by = {"manager_telegram_id": api.maria.telegram_id}
    await api.call("PATCH", f"/dialogs/{first['id']}", {**by, "tags": ["vip"]})
    await api.move(first, "pause")
    second = await api.open(
        "Second", customer_id=api.boris.id, manager_telegram_id=api.ivan.telegram_id, type="Refund"
    )

    async def ids(**narrowed: Any) -> list[int]:
        return [dialog["id"] for dialog in (await api.get("/dialogs", **narrowed))["items"]]

    assert await ids() == [second["id"], first["id"]]
    assert await ids(state="paused") == [first["id"]]
    assert await ids(assignee=api.ivan.telegram_id) == [second["id"]]
    assert await ids(tag="vip") == [first["id"]]
    assert await ids(stage="New", state="active") == [second["id"]]
    assert await ids(stage="No such stage") == []


@pytest.mark.row("W-11")
@pytest.mark.row("K-17")
async def test_reading_changes_nothing(api: Api) -> None:
    dialog = await api.open(manager_telegram_id=api.ivan.telegram_id)
    await api.post(
        f"/dialogs/{dialog['id']}/messages",
        {"manager_telegram_id": api.ivan.telegram_id, "text": "Hello"},
        status=201,
    )
    before = await api.get(f"/dialogs/{dialog['id']}")
    history = await api.get(f"/customers/{api.anna.id}/history")
    for path in ("", "/transcript", "/history"):
        await api.get(f"/dialogs/{dialog['id']}{path}")
    for path in ("/dialogs", "/transcript", "/history", "/messages", "/gate"):
        await api.get(f"/customers/{api.anna.id}{path}")
    assert await api.get(f"/dialogs/{dialog['id']}") == before
    assert await api.get(f"/customers/{api.anna.id}/history") == history
