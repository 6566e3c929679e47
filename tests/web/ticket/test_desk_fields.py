"""Fields that a desk adds to its dialogs, and what a close asks for."""

from typing import Any

import pytest

from holdline.store.people import admin_log
from tests.web.conftest import Api, error_of

CHOICES = ["none", "box", "goods"]
KINDS: dict[str, Any] = {
    "Order": {"kind": "text"},
    "Pieces": {"kind": "number"},
    "Sent on": {"kind": "date"},
    "Damage": {"kind": "choice", "choices": CHOICES},
    "Insured": {"kind": "yes_no"},
}
VALUES: dict[str, Any] = {
    "Order": "A-1",
    "Pieces": 2.5,
    "Sent on": "2026-02-28",
    "Damage": "box",
    "Insured": False,
}


async def test_fields_are_added_changed_and_deleted(api: Api) -> None:
    field = await add(api, "Damage", required_on_close=["refund"], **KINDS["Damage"])
    assert field == {
        "id": field["id"],
        "name": "Damage",
        "kind": "choice",
        "choices": CHOICES,
        "required_on_close": ["Refund"],
    }
    changed = await patch_field(api, field, {"name": "Harm", "choices": ["none"], "required_on_close": []})
    assert changed == {**field, "name": "Harm", "choices": ["none"], "required_on_close": []}
    assert (await api.get("/fields"))["items"] == [changed]
    assert (await api.call("DELETE", f"/fields/{field['id']}")).json() == {"id": field["id"], "deleted": True}
    assert (await api.get("/fields"))["items"] == []
    error_of(await api.call("DELETE", f"/fields/{field['id']}"), 404, "not_found")
    await add(api, "Harm", kind="text")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"name": "order", "kind": "text"}, "name"),
        ({"name": " \n ", "kind": "text"}, "name"),
        ({"name": "X", "kind": "colour"}, "kind"),
        ({"name": "X", "kind": "choice"}, "choices"),
        ({"name": "X", "kind": "text", "choices": ["a"]}, "choices"),
        ({"name": "X", "kind": "text", "required_on_close": ["Flood"]}, "required_on_close"),
    ],
)
async def test_a_wrong_field_is_refused_by_name(api: Api, wrong: dict[str, Any], named: str) -> None:
    await add(api, "Order", kind="text")
    assert error_of(await api.call("POST", "/fields", wrong), 400, "bad_input")["object"]["name"] == named
    assert len((await api.get("/fields"))["items"]) == 1


async def test_fields_are_settings(api: Api) -> None:
    body = {"name": "Order", "kind": "text"}
    error_of(await api.as_("desk").call("POST", "/fields", body), 403, "not_allowed")
    assert (await api.as_("admin").call("POST", "/fields", body)).status_code == 201
    assert (await api.as_("read").call("GET", "/fields")).status_code == 200


async def test_values_of_every_kind_are_one_line_of_history_and_null_clears(api: Api) -> None:
    for name, field in KINDS.items():
        await add(api, name, **field)
    dialog = await api.open()
    assert dialog["fields"] == {}
    assert (await api.change(dialog, fields=VALUES))["fields"] == VALUES
    (entry,) = await api.entries(dialog, "dialog_changed")
    assert entry["data"] == {"fields": [dict.fromkeys(VALUES), VALUES]}
    await api.change(dialog, fields=VALUES)
    left = await api.change(dialog, fields={"Order": None, "insured": True})
    assert left["fields"] == {**{name: VALUES[name] for name in VALUES if name != "Order"}, "Insured": True}
    _, entry = await api.entries(dialog, "dialog_changed")
    assert entry["data"] == {"fields": [{"Order": "A-1", "Insured": False}, {"Order": None, "Insured": True}]}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Order", 5),
        ("Order", "x" * 1001),
        ("Pieces", "5"),
        ("Pieces", True),
        ("Pieces", 1e300),
        ("Sent on", "2026-02-30"),
        ("Sent on", "20260228"),
        ("Sent on", 20260228),
        ("Damage", "flood"),
        ("Damage", ["box"]),
        ("Insured", "yes"),
        ("Insured", 1),
        ("Colour", "red"),
    ],
)
async def test_a_value_of_another_kind_is_refused_and_changes_nothing(
    api: Api, name: str, value: Any
) -> None:
    for each, field in KINDS.items():
        await add(api, each, **field)
    dialog = await api.open()
    body = {"manager_telegram_id": api.maria.telegram_id, "title": "Other", "fields": {name: value}}
    answer = await api.call("PATCH", f"/dialogs/{dialog['id']}", body)
    assert error_of(answer, 400, "bad_input")["object"]["name"] == name
    assert await api.get(f"/dialogs/{dialog['id']}") == dialog


@pytest.mark.row("C-28")
async def test_a_close_that_lacks_a_field_is_refused_naming_it(api: Api) -> None:
    await add(api, "Order", kind="text", required_on_close=["Refund"])
    await add(api, "Insured", kind="yes_no", required_on_close=["Refund"])
    support = await api.open()
    assert (await api.move(support, "close", send_rating_form=False))["state"] == "closed"
    refund = await api.open(type="Refund", fields={"Order": "A-1"})
    body = {"manager_telegram_id": api.maria.telegram_id, "send_rating_form": False}
    answer = await api.call("POST", f"/dialogs/{refund['id']}/close", body)
    assert error_of(answer, 400, "bad_input")["object"]["name"] == "Insured"
    assert (await api.get(f"/dialogs/{refund['id']}"))["state"] == "active"
    await api.change(refund, fields={"Insured": False})
    assert (await api.move(refund, "close", send_rating_form=False))["state"] == "closed"


async def test_the_kind_stays_where_a_dialog_has_a_value(api: Api) -> None:
    field = await add(api, "Order", kind="text")
    assert (await patch_field(api, field, {"kind": "number"}))["kind"] == "number"
    dialog = await api.open()
    await api.change(dialog, fields={"Order": 7})
    answer = await api.call("PATCH", f"/fields/{field['id']}", {"kind": "text"})
    assert error_of(answer, 400, "bad_input")["object"]["name"] == "kind"


async def test_a_deleted_field_is_shown_no_more_and_its_name_is_free(api: Api) -> None:
    field = await add(api, "Order", kind="text", required_on_close=["Support"])
    dialog = await api.open(fields={"Order": "A-1"})
    await api.call("DELETE", f"/fields/{field['id']}")
    assert (await api.get(f"/dialogs/{dialog['id']}"))["fields"] == {}
    await add(api, "Order", kind="number")
    assert (await api.get(f"/dialogs/{dialog['id']}"))["fields"] == {}


async def test_a_dialog_opens_with_the_given_values_and_history_records_them(api: Api) -> None:
    await add(api, "Order", kind="text")
    await api.post("/lists/queues", {"name": "Second line"}, status=201)
    await api.post("/lists/tags", {"name": "vip"}, status=201)
    given: dict[str, Any] = {
        "priority": "high",
        "queue": "Second line",
        "tags": ["vip"],
        "fields": {"Order": "A-1"},
        "due_at": "2026-01-02T12:00:00Z",
        "description": "No parcel",
    }
    dialog = await api.open(**given)
    assert {name: dialog[name] for name in given} == given
    entries = (await api.get(f"/dialogs/{dialog['id']}/history"))["items"]
    (opened,) = [entry for entry in entries if entry["kind"] == "dialog_opened"]
    assert {name: opened["data"][name] for name in given} == given
    assert (opened["data"]["title"], opened["data"]["type"]) == ("Lost parcel", "Support")


async def test_only_a_close_sets_the_stage_closed(api: Api) -> None:
    dialog = await api.open()
    body = {"manager_telegram_id": api.maria.telegram_id, "stage": "closed"}
    answer = await api.call("PATCH", f"/dialogs/{dialog['id']}", body)
    assert error_of(answer, 400, "bad_input")["object"]["name"] == "stage"
    assert (await api.move(dialog, "close", send_rating_form=False))["stage"] == "Closed"


async def add(api: Api, name: str, **more: Any) -> Any:
    return await api.post("/fields", {"name": name, **more}, status=201)


async def patch_field(api: Api, field: Any, changes: dict[str, Any]) -> Any:
    answer = await api.call("PATCH", f"/fields/{field['id']}", changes)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_field_that_moves_is_logged(api: Api) -> None:
    fields = [await add(api, name, kind="text") for name in ("A", "B", "C")]
    for position in (1, 1):
        await patch_field(api, fields[2], {"position": position})
    moves = [line for line in await api.store.read(admin_log.page) if line["change"] == "field_moved"]
    assert [(line["object"], line["before_json"], line["after_json"]) for line in moves] == [
        (f"fields:{fields[2]['id']}", 3, 1)
    ]


async def test_a_field_moves_among_the_others_and_pages_follow_the_order(api: Api) -> None:
    fields = [await add(api, name, kind="text") for name in ("A", "B", "C")]
    await patch_field(api, fields[2], {"position": 1})
    assert [field["name"] for field in (await api.get("/fields"))["items"]] == ["C", "A", "B"]
    await patch_field(api, fields[2], {"position": 9999, "name": "Z"})
    first = await api.get("/fields", limit=2)
    then = await api.get("/fields", limit=2, cursor=first["next"])
    assert [field["name"] for field in (*first["items"], *then["items"])] == ["A", "B", "Z"]
    for wrong in (0, -1, "2", 1.5, True, None):
        answer = await api.call("PATCH", f"/fields/{fields[0]['id']}", {"position": wrong})
        assert answer.status_code == (200 if wrong is None else 400)
    assert [field["name"] for field in (await api.get("/fields"))["items"]] == ["A", "B", "Z"]
