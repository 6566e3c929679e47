"""The dialogs report: one row per dialog, both ratings; a missing one is an empty cell (L-68, L-69)."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from io import StringIO

from holdline.desk.managers import allow
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.wording import without_controls
from holdline.store import reports
from holdline.store.tx import Row, Tx

COLUMNS = (
    "id", "customer_id", "customer_telegram_id", "customer", "title", "type", "state", "stage", "queue",
    "priority", "assignee", "assignee_telegram_id", "participants", "reasons", "components", "tags",
    "root_cause", "close_reason", "close_comment", "description", "follow_up_of", "due_at",
    "service_rating", "customer_score", "created_at", "closed_at",
)  # fmt: skip
UNASSIGNED = "Unassigned"  # a literal label (K-05)
_STARTS_FORMULA = tuple("=+-@＝＋－＠")


def dialogs_report(
    tx: Tx,
    *,
    from_at: datetime | None = None,
    to_at: datetime | None = None,
    manager: Manager | None = None,
) -> list[Row]:
    """Dialogs created within [from, to), oldest first; a manager needs `report.view`, None is an API key."""
    allow(tx, manager, "report.view")
    if from_at is not None and to_at is not None and to_at < from_at:
        raise BadInput("to", "mends.period")
    people, labels = defaultdict(list), defaultdict(list)
    for row in reports.people(tx, from_at=from_at, to_at=to_at):
        people[row["dialog_id"]].append(row["name"])
    for row in reports.labels(tx, from_at=from_at, to_at=to_at):
        labels[row["dialog_id"], row["kind"]].append(row["name"])
    rows = reports.dialogs(tx, from_at=from_at, to_at=to_at)
    for row in rows:
        row["assignee"] = row["assignee"] or UNASSIGNED
        row["participants"] = people[row["id"]]
        for kind in ("reasons", "components", "tags"):
            row[kind] = labels[row["id"], kind]
    return rows


def csv_of(rows: Iterable[Row]) -> str:
    """A header and one line a row; no cell is a formula to a spreadsheet, none holds control signs."""
    written = StringIO()
    lines = csv.writer(written, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    lines.writerows([_cell(row.get(column)) for column in COLUMNS] for row in rows)
    return written.getvalue()


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        case list() | tuple():
            return _plain("; ".join(str(one) for one in value))
        case str():
            return _plain(value)
    return str(value)


def _plain(text: str) -> str:
    """A leading apostrophe makes a spreadsheet show what looks like a formula instead of running it."""
    clean = without_controls(text).strip()
    return f"'{clean}" if clean.startswith(_STARTS_FORMULA) else clean
