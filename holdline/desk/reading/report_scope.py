"""Which dialogs a report counts: from what somebody asked, by name or by a number of days."""

from datetime import UTC, datetime, timedelta

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.reports.kinds import ReportQuery, ReportScope
from holdline.dialogs.text.times import zone_of
from holdline.store.dialogs import lists
from holdline.store.people import teams
from holdline.store.tx import EPOCH, Row, Tx


def scope_of(tx: Tx, asked: ReportQuery) -> ReportScope:
    """BadInput for a period that ends before it begins, and for a name that nobody knows."""
    if asked.days is not None:
        return ReportScope(*_midnights(tx, asked.days))
    from_at, to_at = asked.from_at or EPOCH, asked.to_at or _midnights(tx, 1)[1]
    if asked.to_at is not None and to_at < from_at:
        raise BadInput("to", "mends.period")
    type_ids = _ids("type", asked.type, lists.list_names_ever(tx, "types")) if asked.type is not None else []
    team_ids = _ids("team", asked.team, teams.list_names(tx)) if asked.team is not None else [None]
    return ReportScope(from_at, to_at, tuple(type_ids), team_ids[0])


def _midnights(tx: Tx, days: int) -> tuple[datetime, datetime]:
    """Between which so many whole days of the desk's zone lie, the last of them today."""
    zone = zone_of(tx.rules.time_zone)
    after = tx.at.astimezone(zone).date() + timedelta(days=1)
    first = after - timedelta(days=days)
    from_at, to_at = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (first, after))
    return from_at.astimezone(UTC), to_at.astimezone(UTC)


def _ids(field: str, name: str, known: list[Row]) -> list[int]:
    """Of everything with that name, in any letter case: a value that was deleted keeps its dialogs."""
    found = [row["id"] for row in known if row["name"].casefold() == name.strip().casefold()]
    if not found:
        choices = ", ".join(sorted({row["name"] for row in known})) or "–"
        raise BadInput(field, "mends.one_of", choices=choices)
    return found
