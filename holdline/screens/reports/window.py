"""The buttons under the picture of a report."""

from holdline.dialogs.reports.kinds import PERIODS, ReportKind
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.keyboards import Button, ButtonRows, arrange_in_rows, callback_button
from holdline.texts import say


def report_rows(kind: ReportKind, *, days: int, theme: str, language: str) -> ButtonRows:
    """Periods, reports, files and the other theme; what is shown now has a dot."""
    periods = [_choice(_mark(say(f"reports.days_{n}", language), n == days), kind, n, theme) for n in PERIODS]
    kinds = [
        _choice(_mark(say(f"reports.kind_{other}", language), other is kind), other, days, theme)
        for other in ReportKind
    ]
    other_theme = "light" if theme == "dark" else "dark"
    last = [
        callback_button(say("reports.button_csv", language), DeskVerb.SEND_REPORT, kind.value, days, "csv"),
        callback_button(say("reports.button_xlsx", language), DeskVerb.SEND_REPORT, kind.value, days, "xlsx"),
        _choice(say(f"reports.button_{other_theme}", language), kind, days, other_theme),
    ]
    return [*arrange_in_rows(periods, 4), *arrange_in_rows(kinds, 3), last]


def _mark(caption: str, is_shown: bool) -> str:
    return f"• {caption}" if is_shown else caption


def _choice(caption: str, kind: ReportKind, days: int, theme: str) -> Button:
    return callback_button(caption, DeskVerb.SHOW_REPORT, kind.value, days, theme)
