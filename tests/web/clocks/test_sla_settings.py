"""Calendars and policies, made and changed by an outside program."""

from typing import Any

import pytest

from tests.web.clocks.sla_kit import GOLD, OFFICE, patch
from tests.web.conftest import Api, error_of


async def test_a_calendar_is_made_changed_and_deleted(api: Api) -> None:
    made = await api.post("/calendars", OFFICE, status=201)
    assert {name: made[name] for name in OFFICE} == OFFICE
    assert (await api.get("/calendars"))["items"] == [made]
    changed = await patch(api, f"/calendars/{made['id']}", {"holidays": []})
    assert changed == {**made, "holidays": []}
    again = await api.call("POST", "/calendars", {**OFFICE, "name": "office"})
    assert error_of(again, 400, "bad_input")["object"]["name"] == "name"
    await patch(api, f"/calendars/{made['id']}", None, method="DELETE")
    assert (await api.get("/calendars"))["items"] == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"timezone": "Mars"}, "timezone"),
        ({"hours": {"mon": [["18:00", "09:00"]]}}, "hours"),
        ({"hours": {"mon": [["9am", "18:00"]]}}, "hours"),
        ({"hours": {}}, "hours"),
        ({"holidays": ["2026-02-30"]}, "holidays"),
    ],
)
async def test_an_invalid_calendar_is_refused_by_its_field(
    api: Api, wrong: dict[str, Any], field: str
) -> None:
    answer = await api.call("POST", "/calendars", {**OFFICE, **wrong})
    assert error_of(answer, 400, "bad_input")["object"]["name"] == field
    assert (await api.get("/calendars"))["items"] == []


async def test_a_policy_is_made_changed_and_deleted(api: Api) -> None:
    office = await api.post("/calendars", OFFICE, status=201)
    urgent = {**GOLD, "if": {"priority": "URGENT", "type": "Support"}, "calendar": "Office"}
    made = await api.post("/sla-policies", urgent, status=201)
    assert made == {
        **GOLD,
        "id": made["id"],
        "if": {"priority": "urgent", "type": "Support"},
        "calendar": "Office",
    }
    assert (await api.get("/sla-policies"))["items"] == [made]
    used = await api.call("DELETE", f"/calendars/{office['id']}")
    error_of(used, 400, "bad_input")
    changed = await patch(api, f"/sla-policies/{made['id']}", {"calendar": None, "next_response": None})
    assert (changed["calendar"], changed["next_response"], changed["name"]) == (None, None, "Gold")
    changed = await patch(api, f"/sla-policies/{made['id']}", {"calendar": office["id"]})
    assert changed["calendar"] == "Office"
    await patch(api, f"/sla-policies/{made['id']}", None, method="DELETE")
    assert (await api.get("/sla-policies"))["items"] == []


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"first_response": "soon"}, "first_response"),
        ({"resolution": "-2d"}, "resolution"),
        ({"resolution": "999999d"}, "resolution"),
        ({"calendar": "Nobody's"}, "calendar"),
        ({"if": {"priority": "very"}}, "priority"),
        ({"if": {"type": "Nothing"}}, "type"),
        ({"if": {"mood": "bad"}}, "if.mood"),
        ({"first_response": None, "next_response": None, "resolution": None}, "resolution"),
    ],
)
async def test_an_invalid_policy_is_refused_by_its_field(api: Api, wrong: dict[str, Any], field: str) -> None:
    answer = await api.call("POST", "/sla-policies", {**GOLD, **wrong})
    assert error_of(answer, 400, "bad_input")["object"]["name"] == field
    assert (await api.get("/sla-policies"))["items"] == []
