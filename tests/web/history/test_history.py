"""What history records of changes: who, when, what; none of it is ever rewritten."""

import pytest

from tests.web.conftest import Api


@pytest.mark.row("S-17")
async def test_a_tag_that_was_added_is_recorded_with_who_and_when(api: Api) -> None:
    await api.post("/lists/tags", {"name": "refund"}, status=201)
    dialog = await api.open()
    body = {"manager_telegram_id": api.maria.telegram_id, "tags": ["refund"]}
    await api.call("PATCH", f"/dialogs/{dialog['id']}", body)
    entry = (await api.get(f"/dialogs/{dialog['id']}/history", order="newest"))["items"][0]
    assert (entry["kind"], entry["at"]) == ("dialog_changed", "2026-01-01T00:00:00Z")
    assert entry["actor"] == {"kind": "manager", "telegram_id": api.maria.telegram_id, "name": "Maria"}
    assert entry["data"]["tags"] == [[], ["refund"]]


@pytest.mark.row("S-23")
async def test_the_first_participants_and_earlier_answers_and_states_can_be_read(api: Api) -> None:
    for name in ("First line", "Second line"):
        await api.post("/teams", {"name": name, "members": [], "routing": "manual"}, status=201)
    dialog = await api.open()
    by = {"manager_telegram_id": api.maria.telegram_id}
    await api.post(f"/dialogs/{dialog['id']}/messages", {**by, "text": "On its way"}, status=201)
    for name in ("First line", "Second line"):
        await api.post(f"/dialogs/{dialog['id']}/assign", {**by, "team": name})
    await api.move(dialog, "pause")
    entries = (await api.get(f"/dialogs/{dialog['id']}/history"))["items"]
    teams = [entry["data"]["to_team"] for entry in entries if entry["data"].get("to_team")]
    assert teams == ["First line", "Second line"]
    assert [entry.get("text") for entry in entries if entry["kind"] == "reply_given"] == ["On its way"]
    assert [e["data"]["from"] for e in entries if e["kind"] == "dialog_paused"] == ["active"]
