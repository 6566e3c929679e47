"""Due dates, postponed and noticed, as an outside program sees them."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from holdline.scheduler.due import handle_due_dates
from holdline.store.clock import ManualClock
from tests.web.conftest import Api, error_of


@pytest.mark.row("R-25")
@pytest.mark.row("R-26")
@pytest.mark.parametrize(
    ("by", "due_at"),
    [
        ({"hours": 5}, "2026-01-01T05:00:00Z"),
        ({"days": 2}, "2026-01-03T00:00:00Z"),
        ({"months": 1}, "2026-02-01T00:00:00Z"),
    ],
)
async def test_a_due_date_moves_by_hours_days_or_months(api: Api, by: dict[str, int], due_at: str) -> None:
    """The clock stands at the first moment of 2026."""
    dialog = await api.open()
    after = await api.move(dialog, "postpone", by=by)
    assert (after["due_at"], after["overdue"]) == (due_at, False)
    again = await api.move(dialog, "postpone", by={"hours": 1})
    moved = datetime.fromisoformat(again["due_at"]) - datetime.fromisoformat(after["due_at"])
    assert moved == timedelta(hours=1)
    changes = [e["data"]["due_at"] for e in await api.entries(dialog, "dialog_changed")]
    assert changes == [[None, after["due_at"]], [after["due_at"], again["due_at"]]]


async def test_until_gives_the_due_date_itself(api: Api) -> None:
    dialog = await api.open()
    after = await api.move(dialog, "postpone", until="2031-05-06T09:00:00+02:00")
    assert after["due_at"] == "2031-05-06T07:00:00Z"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "by"),
        ({"by": {}}, "by"),
        ({"by": {"days": 1, "hours": 2}}, "by"),
        ({"by": {"days": 1}, "until": "2031-05-06T09:00:00Z"}, "by"),
        ({"by": {"days": 0}}, "by.days"),
        ({"by": {"days": 1.5}}, "by.days"),
        ({"by": {"weeks": 1}}, "by.weeks"),
        ({"by": {"months": 500}}, "by"),
        ({"until": "2001-05-06T09:00:00Z"}, "until"),
        ({"until": "soon"}, "until"),
    ],
)
async def test_an_invalid_shift_is_refused_by_its_field_and_changes_nothing(
    api: Api, body: dict[str, Any], field: str
) -> None:
    dialog = await api.open()
    whole = {"manager_telegram_id": api.maria.telegram_id, **body}
    answer = await api.call("POST", f"/dialogs/{dialog['id']}/postpone", whole)
    assert error_of(answer, 400, "bad_input")["object"]["name"] == field
    assert await api.get(f"/dialogs/{dialog['id']}") == dialog


async def test_the_due_date_of_a_closed_dialog_cannot_be_moved(api: Api) -> None:
    dialog = await api.open()
    await api.move(dialog, "close")
    body = {"manager_telegram_id": api.maria.telegram_id, "by": {"days": 1}}
    error_of(await api.call("POST", f"/dialogs/{dialog['id']}/postpone", body), 409, "dialog_closed")


@pytest.mark.row("R-39")
async def test_overdue_is_noticed_once_and_again_after_another_date(api: Api) -> None:
    dialog = await api.open()
    other = await api.open(customer_id=api.boris.id)
    await api.change(dialog, due_at="2020-01-01T00:00:00Z")
    await api.change(other, due_at="2040-01-01T00:00:00Z")
    assert (await api.get(f"/dialogs/{dialog['id']}"))["overdue"] is True
    assert await handle_due_dates(api.store) == 1
    assert await handle_due_dates(api.store) == 0
    (entry,) = await api.entries(dialog, "dialog_overdue")
    assert (entry["actor"]["kind"], entry["data"]) == ("system", {"due_at": "2020-01-01T00:00:00Z"})
    assert await api.entries(other, "dialog_overdue") == []
    assert (await api.move(dialog, "postpone", by={"days": 1}))["overdue"] is False
    await api.change(dialog, due_at="2020-01-02T00:00:00Z")
    assert await handle_due_dates(api.store) == 1
    assert len(await api.entries(dialog, "dialog_overdue")) == 2


async def test_a_closed_dialog_is_never_overdue(api: Api) -> None:
    dialog = await api.open()
    await api.change(dialog, due_at="2020-01-01T00:00:00Z")
    assert (await api.move(dialog, "close"))["overdue"] is False
    assert await handle_due_dates(api.store) == 0


async def test_a_pause_may_have_an_end(api: Api, clock: ManualClock) -> None:
    dialog = await api.open()
    late = {"manager_telegram_id": api.maria.telegram_id, "until": "2020-01-01T00:00:00Z"}
    answer = await api.call("POST", f"/dialogs/{dialog['id']}/pause", late)
    assert error_of(answer, 400, "bad_input")["object"]["name"] == "until"
    await api.move(dialog, "pause", until="2026-01-01T02:00:00Z")
    (entry,) = await api.entries(dialog, "dialog_paused")
    assert entry["data"] == {"from": "active", "to": "paused", "until": "2026-01-01T02:00:00Z"}
    clock.advance(7199)
    assert await handle_due_dates(api.store) == 0
    clock.advance(1)
    assert await handle_due_dates(api.store) == 1
    (entry,) = await api.entries(dialog, "dialog_resumed")
    assert entry["actor"]["kind"] == "system"
    assert (await api.get(f"/dialogs/{dialog['id']}"))["state"] == "active"
