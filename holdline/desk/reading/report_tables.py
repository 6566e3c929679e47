"""The figures of a report as a table: the words of the API, so that a program reads them in every language."""

from typing import Any

from holdline.dialogs.reports.kinds import Figures, ReportKind

Cell = str | int | float | None
_BY_ITEM = {
    ReportKind.MANAGERS: ("telegram_id", "name", "replies", "closed"),
    ReportKind.TAGS: ("tag", "dialogs"),
}
_BY_CLOCK = {
    ReportKind.TIMES: ("count", "mean", "median", "p90"),
    ReportKind.SLA: ("met", "breached", "kept"),
}


def table_of(kind: ReportKind, figures: Figures) -> list[list[Cell]]:
    """The header, then a row for each thing that is counted."""
    if kind in _BY_ITEM:
        columns = _BY_ITEM[kind]
        return [[*columns], *([_cell(item[name]) for name in columns] for item in figures["items"])]
    if kind in _BY_CLOCK:
        columns = _BY_CLOCK[kind]
        rows = ([clock, *(_cell(of[name]) for name in columns)] for clock, of in figures.items())
        return [["clock", *columns], *rows]
    return [["figure", "value"], *([name, value] for name, value in _flat(figures))]


def _flat(figures: Figures, before: str = "") -> list[tuple[str, Cell]]:
    """`customer_score.mean` is the mean within customer_score."""
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
    """Hundredths are enough for whoever reads a table."""
    return round(value, 2) if isinstance(value, float) else value
