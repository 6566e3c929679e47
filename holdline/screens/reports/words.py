"""Titles, periods, numbers and names of reports, for display."""

from datetime import timedelta

from holdline.dialogs.reports.kinds import Figures, ReportKind, ReportScope
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import in_zone
from holdline.store.tx import EPOCH
from holdline.texts import say

NONE = "–"
LINES = 10
"""The most managers or tags in a caption and a picture. The file has all of them."""
UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1))
"""Largest first. A unit is used if there are at least two of it."""


def title_of(kind: ReportKind, language: str) -> str:
    return say(f"reports.title_{kind}", language)


def file_caption(kind: ReportKind, days: int, language: str) -> str:
    """The caption of a file."""
    period = say(f"reports.days_{days}", language)
    return say("reports.file_caption", language, title=title_of(kind, language), period=period)


def period_of(scope: ReportScope, *, zone: str, language: str) -> str:
    """Its first and last day, in the desk's time zone."""
    if scope.from_at == EPOCH:
        return say("reports.all_time", language)
    first, last = (in_zone(at, zone) for at in (scope.from_at, scope.to_at - timedelta(microseconds=1)))
    if first.date() == last.date():
        return f"{first:%d.%m.%Y}"
    return say("reports.period", language, first=f"{first:%d.%m.%Y}", last=f"{last:%d.%m.%Y}")


def scope_words(scope: ReportScope, language: str) -> list[str]:
    """“Team: Sales”, “Type: Refund”, if the report is narrowed by them."""
    return [
        say(f"reports.only_{word}", language, name=inline(name))
        for word, name in (("team", scope.team), ("type", scope.type))
        if name is not None
    ]


def format_seconds(seconds: float | None, language: str) -> str:
    """“40 s”, “2.5 min”, “3.1 h”."""
    if seconds is None:
        return NONE
    unit, size = unit_of(seconds)
    return say(f"reports.{unit}", language, n=format_number(seconds / size, language))


def unit_of(seconds: float) -> tuple[str, int]:
    """The largest unit of which there are at least two, and its length in seconds."""
    return next((unit for unit in UNITS if seconds >= 2 * unit[1]), UNITS[-1])


def format_number(value: float, language: str) -> str:
    """With one decimal, unless it is zero."""
    written = f"{value:.1f}".removesuffix(".0")
    return written if language == "en" else written.replace(".", ",")


def reason_name(item: Figures, language: str) -> str:
    """The name of a reason that the desk offers; one common name for all others."""
    return inline(item["reason"]) if item["reason"] else say("reports.other_reason", language)


def outcome_name(item: Figures, language: str) -> str:
    return say(f"reports.outcome_{item['outcome'] or 'open'}", language)


def person_name(item: Figures, language: str) -> str:
    """The name, or the translated word for unassigned dialogs (K-05)."""
    return say("reports.unassigned", language) if item["telegram_id"] is None else inline(item["name"])
