"""Turns a report into what is sent: table files and a picture."""

import json
from collections.abc import Iterable, Sequence

from holdline.desk.reading.report_tables import table_of
from holdline.desk.reading.reports import csv_lines
from holdline.dialogs.reports.kinds import DeskReport
from holdline.screens.reports.charts import Look, chart_of
from holdline.screens.reports.files import make_file
from holdline.screens.reports.words import period_of, scope_words, title_of

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "png": "image/png",
}


def csv_file(report: DeskReport) -> bytes:
    """Made directly, because it is small."""
    return csv_lines(table_of(report)).encode()


def xlsx_file(report: DeskReport) -> bytes:
    """Blocks, like `picture`."""
    return make_file("xlsx", xlsx_lines(table_of(report)))


def xlsx_lines(rows: Iterable[Sequence[object]]) -> list[bytes]:
    """The input of the program: one row per line."""
    return [json.dumps(row).encode() + b"\n" for row in rows]


def picture(report: DeskReport, *, language: str, theme: str) -> bytes:
    """Blocks for about a second."""
    period = period_of(report.scope, zone=report.zone, language=language)
    subtitle = " · ".join([period, *scope_words(report.scope, language)])
    chart = chart_of(report, look=Look(title_of(report.kind, language), subtitle, language, theme))
    return make_file("png", [json.dumps(chart).encode()])
