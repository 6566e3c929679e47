"""The figures of a report as a table, with the API's names, so that a program can read them in every language."""

from typing import Any

from holdline.dialogs.reports.kinds import DeskReport, Figures, ReportKind

Cell = str | int | float | None
_BY_ITEM = {
    ReportKind.MANAGERS: ("telegram_id", "name", "replies", "closed"),
    ReportKind.TAGS: ("tag", "dialogs"),
    ReportKind.OUTCOMES: ("reason", "outcome", "dialogs"),
}
_BY_CLOCK = {
    ReportKind.TIMES: ("count", "mean", "median", "p90"),
    ReportKind.SLA: ("met", "breached", "kept"),
}


_WORKING = ("mean", "median", "p90")


def table_of(report: DeskReport) -> list[list[Cell]]:
    """The header, then a row for each thing counted."""
    table = _table(report.kind, report.figures)
    return table if report.working is None else _add_working_time(table, report.working)


def _add_working_time(table: list[list[Cell]], working: Figures) -> list[list[Cell]]:
    """Adds the working time as further columns at the end, so that the first columns stay where they were."""
    header, *rows = table
    wider = [[*row, *(_cell(working[str(row[0])][name]) for name in _WORKING)] for row in rows]
    return [[*header, *(f"working_{name}" for name in _WORKING)], *wider]


def _table(kind: ReportKind, figures: Figures) -> list[list[Cell]]:
    if kind in _BY_ITEM:
        columns = _BY_ITEM[kind]
        return [[*columns], *([_cell(item[name]) for name in columns] for item in figures["items"])]
    if kind in _BY_CLOCK:
        columns = _BY_CLOCK[kind]
        rows = ([clock, *(_cell(of[name]) for name in columns)] for clock, of in figures.items())
        return [["clock", *columns], *rows]
    return [["figure", "value"], *([name, value] for name, value in _flat(figures))]


def _flat(figures: Figures, before: str = "") -> list[tuple[str, Cell]]:
    """Nested figures with joined names: `customer_score.mean` is the mean within customer_score."""
    found: list[tuple[str, Cell]] = []
    for name, value in figures.items():
        inner = (
            _flat(value, f"{before}{name}.")
            if isinstance(value, dict)
            else [(f"{before}{name}", _cell(value))]
        )
        found += inner
    return found


def _cell(value: Any) -> Cell:
    """Rounded to hundredths, which is enough for a table."""
    return round(value, 2) if isinstance(value, float) else value
