"""The kinds of reports, and what narrows them: a period, a team, a type."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

Figures = dict[str, Any]
"""A report in the form of the API."""


class ReportKind(StrEnum):
    """The values are used in URLs and on buttons: never change them."""

    DIALOGS = "dialogs"
    TIMES = "times"
    SATISFACTION = "satisfaction"
    SLA = "sla"
    GATE = "gate"
    MANAGERS = "managers"
    TAGS = "tags"
    OUTCOMES = "outcomes"


PERIODS = (1, 7, 30, 90)
"""In days, as the buttons offer them; one day is today."""
THEMES = ("light", "dark")
NARROWINGS = ("team", "type")
"""The properties that select the dialogs of a report. The values are used on buttons."""


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """A request for a report; None for what was not given. `days`: this many whole days, today being the last.

    A team and a type are given by name, or by the id from a button.
    """

    from_at: datetime | None = None
    to_at: datetime | None = None
    team: str | None = None
    type: str | None = None
    days: int | None = None
    team_id: int | None = None
    type_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReportView:
    """What a report picture shows, and what its buttons carry. None for team or type means all."""

    kind: ReportKind
    days: int
    theme: str = "light"
    team_id: int | None = None
    type_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReportScope:
    """What a report counts: [from, to), and only the dialogs of a team or a type if one is named.

    A value belongs to the period in which its end event happened. `team` and `type` are the names of the narrowing.
    """

    from_at: datetime
    to_at: datetime
    type_ids: tuple[int, ...] = ()
    team_id: int | None = None
    team: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many dialogs were opened and closed on a day."""

    day: date
    opened: int
    closed: int


@dataclass(frozen=True, slots=True)
class DeskReport:
    """The result. `days` is used only in the report of dialogs; `zone` is the desk's time zone.

    `working` are the figures of the report of times in working time, or None if the desk has no calendar.
    """

    kind: ReportKind
    scope: ReportScope
    figures: Figures
    days: list[DayCount]
    zone: str
    working: Figures | None = None
