"""The values of a dialog besides its title, changed by an outside program."""

from typing import Any

import pytest

from holdline.store.clock import ManualClock
from tests.web.conftest import Api, error_of

FIELDS: dict[str, Any] = {
    "priority": "urgent",
    "queue": "Second line",
    "root_causes": ["Courier"],
    "description": "The parcel went to Oslo",
    "due_at": "2026-01-02T12:00:00Z",
}


async def test_one_line_of_history_records_every_change_from_and_to(api: Api) -> None:
    await lists(api)
    dialog = await api.open()
    changed = await api.change(dialog, **FIELDS, stage="In handling")
    assert {name: changed[name] for name in FIELDS} == FIELDS
    (entry,) = await api.entries(dialog, "dialog_changed")
    assert entry["data"] == {
        "priority": ["normal", "urgent"],
        "queue": [None, "Second line"],
        "root_causes": [[], ["Courier"]],
        "description": ["", "The parcel went to Oslo"],
        "due_at": [None, "2026-01-02T12:00:00Z"],
        "stage": ["New", "In handling"],
    }


async def test_null_clears_optional_fields_and_the_same_value_is_no_entry(api: Api) -> None:
    await lists(api)
    dialog = await api.open()
    await api.change(dialog, **FIELDS)
    await api.change(dialog, priority="urgent", queue="Second line")
    assert len(await api.entries(dialog, "dialog_changed")) == 1
    cleared = await api.change(dialog, queue=None, due_at=None)
    assert (cleared["queue"], cleared["due_at"], cleared["priority"]) == (None, None, "urgent")
    assert (await api.change(dialog, description=None))["description"] == ""


@pytest.mark.parametrize(
    "change",
    [{"tags": ["late"]}, {"reasons": ["Delay"]}, {"root_causes": ["Courier"]}, {"participants": []}],
    ids=lambda change: next(iter(change)),
)
async def test_lists_and_people_move_the_moment_of_the_last_change(
    api: Api, clock: ManualClock, change: dict[str, Any]
) -> None:
    await lists(api)
    await api.post("/lists/tags", {"name": "late"}, status=201)
    await api.post("/lists/reasons", {"name": "Delay"}, status=201)
    dialog = await api.open(participants=[api.rita.telegram_id])
    clock.advance(60)
    assert (await api.change(dialog, **change))["changed_at"] > dialog["changed_at"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"priority": "high!"}, "priority"),
        ({"queue": "Nobody's"}, "queue"),
        ({"root_causes": ["The moon"]}, "root_causes"),
        ({"due_at": "tomorrow"}, "due_at"),
    ],
)
async def test_a_wrong_value_is_named_and_changes_nothing(
    api: Api, wrong: dict[str, Any], field: str
) -> None:
    dialog = await api.open()
    by = {"manager_telegram_id": api.maria.telegram_id}
    answer = await api.call("PATCH", f"/dialogs/{dialog['id']}", {**by, "title": "Other", **wrong})
    assert error_of(answer, 400, "bad_input")["object"]["name"] == field
    assert await api.get(f"/dialogs/{dialog['id']}") == dialog


async def test_a_dialog_past_its_due_date_is_overdue_until_it_is_closed(api: Api) -> None:
    dialog = await api.open()
    late = await api.change(dialog, due_at="2025-12-31T00:00:00Z")
    assert late["overdue"]
    assert not (await api.move(dialog, "close", send_rating_form=False))["overdue"]


async def test_the_cause_named_at_the_close_is_one_of_its_root_causes(api: Api) -> None:
    await lists(api)
    dialog = await api.open()
    closed = await api.move(dialog, "close", send_rating_form=False, root_cause="Courier")
    assert (closed["root_cause"], closed["root_causes"]) == ("Courier", ["Courier"])


async def lists(api: Api) -> None:
    await api.post("/lists/queues", {"name": "Second line"}, status=201)
    await api.post("/lists/root_causes", {"name": "Courier"}, status=201)
