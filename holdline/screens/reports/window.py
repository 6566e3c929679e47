"""The buttons under the picture of a report."""

from dataclasses import replace
from typing import Any

from holdline.dialogs.reports.kinds import NARROWINGS, PERIODS, ReportKind, ReportView
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.keyboards import Button, ButtonRows, arrange_in_rows, callback_button
from holdline.store.dialogs import lists
from holdline.store.people import teams
from holdline.store.tx import Row, Tx
from holdline.texts import say

MOST_CHOICES = 90
"""Telegram shows at most a hundred buttons."""


def report_rows(tx: Tx, view: ReportView, language: str) -> ButtonRows:
    """Periods, reports, teams and types, files and the other theme. A dot marks the current choice."""
    periods = [_choice(say(f"reports.days_{n}", language), view, replace(view, days=n)) for n in PERIODS]
    kinds = [
        _choice(say(f"reports.kind_{kind}", language), view, replace(view, kind=kind)) for kind in ReportKind
    ]
    narrowings = [
        _choice_button(word, view, names, language) for word in NARROWINGS if (names := _names_of(tx, word))
    ]
    files = [
        callback_button(
            say(f"reports.button_{format_}", language),
            DeskVerb.SEND_REPORT,
            view.kind.value,
            view.days,
            format_,
            *_team_and_type(view),
        )
        for format_ in ("csv", "xlsx")
    ]
    other = replace(view, theme="light" if view.theme == "dark" else "dark")
    last = [*files, _show(say(f"reports.button_{other.theme}", language), other)]
    return [*arrange_in_rows(periods, 4), *arrange_in_rows(kinds, 3), *arrange_in_rows(narrowings), last]


def choice_rows(tx: Tx, word: str, view: ReportView, language: str) -> ButtonRows:
    """All teams or types together, each of them, and a back button."""
    field = f"{word}_id"
    every = _choice(say(f"reports.every_{word}", language), view, _narrow(view, field, None))
    each = [
        _choice(row["name"], view, _narrow(view, field, row["id"]))
        for row in _names_of(tx, word)[:MOST_CHOICES]
    ]
    back = callback_button(
        say("reports.button_back", language), DeskVerb.NARROW_REPORT, "back", *_view_values(view)
    )
    return [[every], *arrange_in_rows(each), [back]]


def _names_of(tx: Tx, word: str) -> list[Row]:
    """The id and name of the desk's current teams or types."""
    return teams.list_names(tx) if word == "team" else lists.of_kind(tx, "types")


def _choice_button(word: str, view: ReportView, names: list[Row], language: str) -> Button:
    chosen = getattr(view, f"{word}_id")
    name = next((row["name"] for row in names if row["id"] == chosen), f"#{chosen}")
    caption = (
        say(f"reports.button_{word}", language)
        if chosen is None
        else say(f"reports.only_{word}", language, name=name)
    )
    return callback_button(caption, DeskVerb.NARROW_REPORT, word, *_view_values(view))


def _narrow(view: ReportView, field: str, number: int | None) -> ReportView:
    changes: dict[str, Any] = {field: number}
    return replace(view, **changes)


def _choice(caption: str, shown: ReportView, chosen: ReportView) -> Button:
    return _show(f"• {caption}" if chosen == shown else caption, chosen)


def _show(caption: str, view: ReportView) -> Button:
    return callback_button(caption, DeskVerb.SHOW_REPORT, *_view_values(view))


def _view_values(view: ReportView) -> tuple[str, int, str, int, int]:
    return (view.kind.value, view.days, view.theme, *_team_and_type(view))


def _team_and_type(view: ReportView) -> tuple[int, int]:
    return view.team_id or 0, view.type_id or 0
