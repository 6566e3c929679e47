"""The dialogs that a report counts, from a query by name or by a number of days."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.reports.kinds import ReportQuery, ReportScope
from holdline.dialogs.text.times import zone_of
from holdline.store.dialogs import lists
from holdline.store.people import teams
from holdline.store.tx import EPOCH, Row, Tx


def scope_of(tx: Tx, asked: ReportQuery) -> ReportScope:
    """The scope; raises BadInput for a period that ends before it begins, and for an unknown name."""
    if asked.days is not None:
        from_at, to_at = _midnights(tx, asked.days)
    else:
        from_at, to_at = asked.from_at or EPOCH, asked.to_at or _midnights(tx, 1)[1]
    if asked.to_at is not None and to_at < from_at:
        raise BadInput("to", "mends.period")
    type_ids, type_name = _choose(
        "type", asked.type, asked.type_id, lambda: lists.list_names_ever(tx, "types")
    )
    team_ids, team_name = _choose("team", asked.team, asked.team_id, lambda: teams.list_names(tx))
    team_id = team_ids[0] if team_ids else None
    return ReportScope(from_at, to_at, tuple(type_ids), team_id, team=team_name, type=type_name)


def _midnights(tx: Tx, days: int) -> tuple[datetime, datetime]:
    """The midnights between which so many whole days of the desk's zone lie, the last of them today."""
    zone = zone_of(tx.rules.time_zone)
    after = tx.at.astimezone(zone).date() + timedelta(days=1)
    first = after - timedelta(days=days)
    from_at, to_at = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (first, after))
    return from_at.astimezone(UTC), to_at.astimezone(UTC)


def _choose(
    field: str, name: str | None, number: int | None, known: Callable[[], list[Row]]
) -> tuple[list[int], str | None]:
    """The ids of everything with that name, in any letter case, including deleted values, which keep their dialogs."""
    if name is None and number is None:
        return [], None
    rows = known()
    if name is None:
        name = next((row["name"] for row in rows if row["id"] == number), None)
        if name is None:  # deleted since the button was made
            return [int(number or 0)], f"#{number}"
    found = [row for row in rows if row["name"].casefold() == name.strip().casefold()]
    if not found:
        choices = ", ".join(sorted({row["name"] for row in rows})) or "–"
        raise BadInput(field, "mends.one_of", choices=choices)
    return [row["id"] for row in found], found[0]["name"]
