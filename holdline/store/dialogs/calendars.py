"""The desk's working calendars."""

from holdline.dialogs.sla.calendar_input import NamedCalendar
from holdline.store.tx import Row, Tx

_COLUMNS = "id, name, timezone, hours_json, holidays_json"


def all_calendars(tx: Tx) -> list[NamedCalendar]:
    """Oldest first."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM calendars WHERE bot_id = :bot AND deleted_at IS NULL ORDER BY id",
        bot=tx.bot_id,
    )
    return [_calendar(row) for row in rows]


def insert(tx: Tx, calendar: NamedCalendar) -> NamedCalendar:
    """Raises StoreConflict if an existing calendar has exactly the same name. The id is new."""
    row = tx.one(
        f"""INSERT INTO calendars (bot_id, name, timezone, hours_json, holidays_json, created_at)
            VALUES (:bot, :name, :timezone, :hours, :holidays, :at) RETURNING {_COLUMNS}""",
        bot=tx.bot_id,
        at=tx.at,
        **_values(calendar),
    )
    assert row is not None
    return _calendar(row)


def save(tx: Tx, calendar: NamedCalendar) -> None:
    tx.run(
        """UPDATE calendars SET name = :name, timezone = :timezone, hours_json = :hours, holidays_json = :holidays
           WHERE bot_id = :bot AND id = :id""",
        bot=tx.bot_id,
        id=calendar.id,
        **_values(calendar),
    )


def soft_delete(tx: Tx, calendar_id: int) -> None:
    tx.run(
        "UPDATE calendars SET deleted_at = :at WHERE bot_id = :bot AND id = :id",
        at=tx.at,
        bot=tx.bot_id,
        id=calendar_id,
    )


def _values(calendar: NamedCalendar) -> dict[str, object]:
    return {
        "name": calendar.name,
        "timezone": calendar.timezone,
        "hours": dict(calendar.hours),
        "holidays": list(calendar.holidays),
    }


def _calendar(row: Row) -> NamedCalendar:
    return NamedCalendar(row["id"], row["name"], row["timezone"], row["hours_json"], row["holidays_json"])
