"""A rule with a condition on working hours."""

import pytest

from tests.web.automation.test_desk_rules import add_rule, dialogs_of, write
from tests.web.conftest import Api, error_of

OFFICE = {"name": "Office", "timezone": "Europe/Warsaw", "hours": {"thu": [["09:00", "17:00"]]}}
NIGHT = {"name": "Night", "timezone": "UTC", "hours": {"thu": [["00:00", "08:00"]]}}


async def add_calendar(api: Api, calendar: object = OFFICE) -> int:
    return int((await api.post("/calendars", calendar, status=201))["id"])


async def test_without_a_calendar_a_rule_of_hours_is_refused_with_a_sentence(api: Api) -> None:
    body = {"name": "Night", "on": "message", "if": {"outside_hours": True}, "then": [{"open_dialog": {}}]}
    error = error_of(await api.call("POST", "/rules", body), 400, "bad_input")
    assert (error["object"]["name"], "Calendars" in error["message"]) == ("if.outside_hours", True)
    assert (await api.get("/rules"))["items"] == []
    wrong = {**body, "if": {"outside_hours": "yes"}}
    error_of(await api.call("POST", "/rules", wrong), 400, "bad_input")


@pytest.mark.parametrize(("outside", "opens"), [(True, [False, True]), (False, [True, False])])
async def test_a_rule_acts_outside_or_within_working_hours(
    api: Api, outside: bool, opens: list[bool]
) -> None:
    """The desk's clock stands on Thursday, 1 January 2026, at midnight of UTC: 1:00 in Warsaw."""
    await add_calendar(api)
    await add_rule(api, "message", {"priority": "high"}, {"open_dialog": {}}, outside_hours=outside)
    api.store.clock.advance(9 * 3600)
    await write(api, "By day")
    by_day = len(await dialogs_of(api))
    for dialog in await dialogs_of(api):
        await api.move(dialog, "close")
    api.store.clock.advance(9 * 3600)
    await write(api, "At night", 2)
    assert [by_day == 1, len(await dialogs_of(api)) > by_day] == opens


async def test_a_dry_run_looks_at_the_hours_of_the_event(api: Api) -> None:
    await add_calendar(api)
    await write(api, "At night")
    api.store.clock.advance(10 * 3600)
    await write(api, "By day", 2)
    tried = await api.post("/rules/try", {"on": "message", "if": {"outside_hours": True}})
    assert [item["text"] for item in tried["items"]] == ["At night"]


async def test_the_only_calendar_cannot_be_deleted_while_a_rule_uses_it(api: Api) -> None:
    office = await add_calendar(api)
    rule = await add_rule(api, "message", {"open_dialog": {}}, outside_hours=True)
    assert rule["if"] == {"outside_hours": True}
    refused = error_of(await api.call("DELETE", f"/calendars/{office}"), 400, "bad_input")
    assert "Refunds" in refused["message"]
    await add_calendar(api, NIGHT)
    assert (await api.call("DELETE", f"/calendars/{office}")).status_code == 200
    await write(api, "While the night shift works")
    assert await dialogs_of(api) == []
