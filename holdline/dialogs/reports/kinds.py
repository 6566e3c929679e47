"""Which reports there are, and for what: a period, a team, a type."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

Figures = dict[str, Any]
"""A report as the API gives it."""


class ReportKind(StrEnum):
    """The values stand in addresses and on buttons: they never change."""

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
"""By what the dialogs of a report are chosen; the values stand on buttons."""


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """What somebody asked for; None where they left it open. `days`: so many whole ones, the last of them today.

    A team and a type go by their names, or by the ids that buttons carry.
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
    """What a picture shows, and the buttons under it carry; None of a team or a type stands for all of them."""

    kind: ReportKind
    days: int
    theme: str = "light"
    team_id: int | None = None
    type_id: int | None = None


@dataclass(frozen=True, slots=True)
class ReportScope:
    """What a report counts: [from, to), and only the dialogs of a team or a type where one is named.

    A value belongs to the period in which its end event happened. `team` and `type` are the names of what narrows it.
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
    """What was found: `days` only in the report of dialogs; `zone` is that of the desk.

    `working` are the figures of the report of times in working time, None where the desk has no calendar.
    """

    kind: ReportKind
    scope: ReportScope
    figures: Figures
    days: list[DayCount]
    zone: str
    working: Figures | None = None
