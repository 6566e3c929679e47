"""The dialogs report: one row per dialog, with both ratings; a missing one is an empty cell (L-68, L-69)."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from io import StringIO

from holdline.desk.reading.report_scope import scope_of
from holdline.dialogs.reports.kinds import ReportQuery
from holdline.dialogs.text.wording import without_controls
from holdline.store.reports import rows as reports
from holdline.store.tx import Row, Tx
from holdline.telegram.call import FilePage

COLUMNS = (
    "id", "customer_id", "customer_telegram_id", "customer", "title", "type", "state", "stage", "queue",
    "priority", "assignee", "assignee_telegram_id", "participants", "reasons", "components", "tags",
    "root_cause", "close_reason", "close_comment", "description", "follow_up_of", "due_at",
    "service_rating", "customer_score", "created_at", "closed_at", "outcome",
)  # fmt: skip
PAGE = 100
"""Dialogs read at once, so that one read takes some milliseconds: other work in this process waits that long."""

ALL = ReportQuery()

UNASSIGNED = "Unassigned"  # a literal label (K-05)
_STARTS_FORMULA = tuple("=+-@＝＋－＠")


def dialogs_report(tx: Tx, *, asked: ReportQuery = ALL, after: int = 0, limit: int = PAGE) -> list[Row]:
    """A page of the dialogs created within [from, to), by id; `after` is the last id of the previous page."""
    rows = reports.dialogs(tx, scope_of(tx, asked), after=after, limit=limit)
    if not rows:
        return []
    people, labels = defaultdict(list), defaultdict(list)
    span = {"first": rows[0]["id"], "last": rows[-1]["id"]}
    for row in reports.people(tx, **span):
        people[row["dialog_id"]].append(row["name"])
    for row in reports.labels(tx, **span):
        labels[row["dialog_id"], row["kind"]].append(row["name"])
    for row in rows:
        row["assignee"] = row["assignee"] or UNASSIGNED
        row["participants"] = people[row["id"]]
        for kind in ("reasons", "components", "tags"):
            row[kind] = labels[row["id"], kind]
    return rows


def dialogs_csv_page(tx: Tx, *, asked: ReportQuery = ALL, after: int = 0) -> FilePage:
    """The report as CSV, page by page, so that no read is long and no file is whole in memory."""
    rows = dialogs_report(tx, asked=asked, after=after)
    return FilePage(csv_of(rows, with_header=after == 0), rows[-1]["id"] if len(rows) == PAGE else None)


def csv_of(rows: Iterable[Row], *, with_header: bool = True) -> str:
    """One line per row, after the header if wanted; no cell is a formula or contains control characters."""
    return csv_lines(([COLUMNS] if with_header else []) + [cells_of(row) for row in rows])


def csv_lines(rows: Iterable[Sequence[object]]) -> str:
    """The same for any table. A leading apostrophe keeps a spreadsheet from running a cell as a formula."""
    written = StringIO()
    csv.writer(written, lineterminator="\r\n").writerows([_harmless(cell) for cell in row] for row in rows)
    return written.getvalue()


def cells_of(row: Row) -> list[str]:
    """One cell per column, without control characters."""
    return [_cell(row.get(column)) for column in COLUMNS]


def _harmless(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    clean = without_controls(cell).strip()
    return f"'{clean}" if clean.startswith(_STARTS_FORMULA) else clean


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        case list() | tuple():
            return without_controls("; ".join(str(part) for part in value)).strip()
        case str():
            return without_controls(value).strip()
    return str(value)
