"""What the desk lets happen by itself, at the HTTP API."""

from tests.web.automation.test_desk_rules import write
from tests.web.conftest import Api, error_of


async def test_a_customers_answer_ends_a_pause_once_it_is_switched_on(api: Api) -> None:
    assert (await api.get("/habits"))["answer_ends_pause"] is False
    changed = (await api.call("PATCH", "/habits", {"answer_ends_pause": True})).json()
    assert changed == await api.get("/habits") and changed["answer_ends_pause"] is True
    dialog = await api.open()
    await api.move(dialog, "pause")
    held = await api.post("/outbound", api.ad(), status=202)
    assert held["status"] == "queued"
    await write(api, "Any news?")
    assert (await api.get(f"/dialogs/{dialog['id']}"))["state"] == "active"
    assert (await api.get(f"/outbound/{held['id']}"))["status"] == "held"
    (entry,) = await api.entries(dialog, "dialog_resumed")
    assert entry["actor"] == {"kind": "rule", "name": "The customer’s answer"}


async def test_only_an_admin_key_changes_habits(api: Api) -> None:
    body = {"answer_ends_pause": True}
    error_of(await api.as_("desk").call("PATCH", "/habits", body), 403, "not_allowed")
    error_of(await api.call("PATCH", "/habits", {"answer_ends_pause": "yes"}), 400, "bad_input")
    error_of(await api.call("PATCH", "/habits", {"tea": True}), 400, "bad_input")
    assert (await api.get("/habits"))["answer_ends_pause"] is False
