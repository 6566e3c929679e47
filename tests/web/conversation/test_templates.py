"""Templates: a library of replies and notes, filled in for each dialog."""

from typing import Any

import pytest

from tests.web.conftest import Api, error_of

GREETING = {
    "name": "Greeting",
    "kind": "reply",
    "text": "Hello {customer.name}, case {dialog.id}. {manager.name}",
}


async def add(api: Api, **changes: Any) -> Any:
    return await api.post("/templates", {**GREETING, **changes}, status=201)


async def say(api: Api, path: str, **words: Any) -> Any:
    return await api.call("POST", path, {"manager_telegram_id": api.maria.telegram_id, **words})


async def texts(api: Api, dialog: Any) -> list[str]:
    return [line["text"] for line in (await api.get(f"/dialogs/{dialog['id']}/transcript"))["items"]]


async def uses(api: Api) -> list[int]:
    return [template["uses"] for template in (await api.get("/templates"))["items"]]


@pytest.mark.row("W-33")
async def test_the_library_grows_changes_and_shrinks(api: Api) -> None:
    reply = await add(api)
    note = await add(api, name="Called", kind="note", text="Called {customer.name}", language="en")
    shape = {"id", "name", "kind", "text", "team", "language", "file", "uses"}
    assert (set(reply), note["language"], reply["team"]) == (shape, "en", None)
    changed = await api.call("PATCH", f"/templates/{note['id']}", {"name": "Rang", "language": None})
    assert (changed.json()["name"], changed.json()["language"]) == ("Rang", None)
    assert [one["name"] for one in (await api.get("/templates"))["items"]] == ["Greeting", "Rang"]
    answer = await api.call("DELETE", f"/templates/{reply['id']}")
    assert answer.json() == {"id": reply["id"], "deleted": True}
    assert [one["id"] for one in (await api.get("/templates"))["items"]] == [note["id"]]
    error_of(await api.call("DELETE", f"/templates/{reply['id']}"), 404, "not_found")
    error_of(await api.call("PATCH", f"/templates/{reply['id']}", {"name": "x"}), 404, "not_found")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": "Hello {customer.nickname}"}, "text"),
        ({"text": "Hello {field.}"}, "text"),
        ({"text": "   "}, "text"),
        ({"kind": "letter"}, "kind"),
        ({"name": " "}, "name"),
        ({"team": "Nobody's"}, "team"),
        ({"language": "Klingon"}, "language"),
    ],
)
async def test_an_unknown_variable_is_refused_when_a_template_is_saved(
    api: Api, wrong: dict[str, Any], field: str
) -> None:
    error = error_of(await api.call("POST", "/templates", {**GREETING, **wrong}), 400, "bad_input")
    assert error["object"]["name"] == field
    kept = await add(api)
    answer = await api.call("PATCH", f"/templates/{kept['id']}", wrong)
    assert error_of(answer, 400, "bad_input")["object"]["name"] == field
    assert (await api.get("/templates"))["items"] == [kept]


async def test_only_an_admin_key_changes_templates(api: Api) -> None:
    error_of(await api.as_("desk").call("POST", "/templates", GREETING), 403, "not_allowed")
    kept = await add(api)
    assert (await api.as_("read").get("/templates"))["items"] == [kept]


async def test_a_preview_shows_the_filled_in_text_and_sends_nothing(api: Api) -> None:
    dialog = await api.open()
    template = await add(api)
    body = {"dialog_id": dialog["id"], "manager_telegram_id": api.maria.telegram_id}
    shown = await api.as_("desk").post(f"/templates/{template['id']}/preview", body)
    assert shown == {"text": f"Hello Anna, case {dialog['id']}. Maria"}
    assert (await texts(api, dialog), await uses(api)) == ([], [0])
    error_of(await api.call("POST", "/templates/999/preview", body), 404, "not_found")
    nowhere = {**body, "dialog_id": 999}
    error_of(await api.call("POST", f"/templates/{template['id']}/preview", nowhere), 404, "not_found")


@pytest.mark.row("W-12")
@pytest.mark.row("S-16")
async def test_a_template_replaces_a_replys_text_and_its_use_is_counted(api: Api) -> None:
    dialog = await api.open()
    template = await add(api)
    answer = await say(api, f"/dialogs/{dialog['id']}/messages", template=template["id"])
    assert (answer.status_code, answer.json()["status"]) == (201, "queued")
    said = f"Hello Anna, case {dialog['id']}. Maria"
    assert (await texts(api, dialog), await uses(api)) == ([said], [1])
    history = (await api.get(f"/dialogs/{dialog['id']}/history"))["items"]
    (given,) = [entry for entry in history if entry["kind"] == "reply_given"]
    assert (given["text"], given["data"]["message_id"]) == (said, answer.json()["id"])


@pytest.mark.row("W-18")
@pytest.mark.row("S-14")
async def test_a_template_of_notes_replaces_a_notes_text(api: Api) -> None:
    dialog = await api.open()
    template = await add(api, kind="note", text="Called {customer.name}")
    answer = await say(api, f"/dialogs/{dialog['id']}/notes", template=template["id"])
    assert answer.status_code == 201, answer.text
    history = (await api.get(f"/dialogs/{dialog['id']}/history"))["items"]
    assert [entry["text"] for entry in history if entry["kind"] == "note_created"] == ["Called Anna"]
    assert (await texts(api, dialog), await uses(api)) == ([], [1])


async def test_a_template_of_the_wrong_kind_is_refused(api: Api) -> None:
    dialog = await api.open()
    reply, note = await add(api), await add(api, kind="note")
    for path, wrong in (("messages", note), ("notes", reply)):
        answer = await say(api, f"/dialogs/{dialog['id']}/{path}", template=wrong["id"])
        assert error_of(answer, 400, "bad_input")["object"]["name"] == "template"
    assert await uses(api) == [0, 0]


async def test_a_reply_needs_either_a_text_or_a_template(api: Api) -> None:
    dialog = await api.open()
    template = await add(api)
    path = f"/dialogs/{dialog['id']}/messages"
    both = await say(api, path, text="Hi", template=template["id"])
    assert error_of(both, 400, "bad_input")["object"]["name"] == "template"
    assert error_of(await say(api, path), 400, "bad_input")["object"]["name"] == "text"
    error_of(await say(api, path, template=999), 404, "not_found")
    assert await texts(api, dialog) == []


async def test_a_value_that_looks_like_a_variable_is_sent_unchanged(api: Api) -> None:
    await api.store.act(lambda tx: tx.run("UPDATE customers SET name = :name", name="{manager.name}"))
    dialog = await api.open()
    template = await add(api, text="Hello {customer.name}")
    await say(api, f"/dialogs/{dialog['id']}/messages", template=template["id"])
    assert await texts(api, dialog) == ["Hello {manager.name}"]


async def test_a_field_without_a_value_has_its_fallback(api: Api) -> None:
    text = "Order {field.Order number|not known}, {field.colour}."
    error = error_of(await api.call("POST", "/templates", {**GREETING, "text": text}), 400, "bad_input")
    assert "{field.colour}" in error["message"]
    await api.post("/fields", {"name": "Colour", "kind": "text"}, status=201)
    dialog, template = await api.open(), await add(api, text=text)
    path = f"/dialogs/{dialog['id']}/messages"
    await say(api, path, template=template["id"])
    by = {"manager_telegram_id": api.maria.telegram_id}
    await api.call("PATCH", f"/dialogs/{dialog['id']}", {**by, "fields": {"Colour": "red"}})
    await say(api, path, template=template["id"])
    assert await texts(api, dialog) == ["Order not known, .", "Order not known, red."]


async def test_outside_a_dialog_a_variable_without_value_is_refused(api: Api) -> None:
    path = f"/customers/{api.anna.id}/messages"
    answer = await say(api, path, template=(await add(api))["id"])
    assert error_of(answer, 400, "bad_input")["object"]["name"] == "template"
    template = await add(api, text="Hello {customer.name}, {field.Order|we look into it}.")
    assert (await say(api, path, template=template["id"])).status_code == 201
    assert [line["text"] for line in (await api.get(path))["items"]] == ["Hello Anna, we look into it."]


@pytest.mark.row("C-27")
async def test_a_teams_template_is_for_its_members_and_its_dialogs(api: Api) -> None:
    team = {"name": "Returns", "members": [api.ivan.telegram_id]}
    await api.post("/teams", team, status=201)
    dialog = await api.open()
    template = await add(api, team="Returns")
    path = f"/dialogs/{dialog['id']}/messages"
    error = error_of(await say(api, path, template=template["id"]), 403, "not_allowed")
    assert "team" in error["message"]
    mine = {"manager_telegram_id": api.ivan.telegram_id, "template": template["id"]}
    await api.post(path, mine, status=201)
    await api.move(dialog, "assign", team="Returns")
    assert (await say(api, path, template=template["id"])).status_code == 201


async def test_the_team_of_a_template_is_found_in_any_letter_case(api: Api) -> None:
    await api.post("/teams", {"name": "Returns"}, status=201)
    assert (await add(api, team="returns "))["team"] == "Returns"


async def test_a_restricted_managers_reply_from_a_template_is_a_draft(api: Api) -> None:
    dialog = await api.open()
    template = await add(api)
    body = {"manager_telegram_id": api.rita.telegram_id, "template": template["id"]}
    answer = await api.post(f"/dialogs/{dialog['id']}/messages", body, status=201)
    assert answer["status"] == "draft"
    (draft,) = (await api.get("/drafts"))["items"]
    assert draft["text"] == f"Hello Anna, case {dialog['id']}. Rita"
