"""A calendar as people and programs write it: a time zone, hours by day of the week, holidays as dates."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.sla.working_time import WEEK, Calendar, Frame
from holdline.dialogs.text.times import require_zone

Hours = Mapping[str, Sequence[Sequence[str]]]
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|(24):(00)")
MOST_HOLIDAYS = 1000


@dataclass(frozen=True, slots=True)
class NamedCalendar:
    """A calendar of the desk, in its written form."""

    id: int
    name: str
    timezone: str
    hours: dict[str, list[list[str]]]
    holidays: list[str]

    @property
    def calendar(self) -> Calendar:
        return read_calendar(self.timezone, self.hours, self.holidays)


def read_calendar(timezone: str, hours: Hours, holidays: Sequence[str]) -> Calendar:
    """The calendar. BadInput names the first invalid value."""
    require_zone(timezone)
    for day in hours:
        if day not in WEEK:
            raise BadInput("hours", "time.weekday", day=day, days=", ".join(WEEK))
    frames = tuple(_frames(hours.get(day, ())) for day in WEEK)
    if not any(frames):
        raise BadInput("hours", "time.no_hours")
    if len(holidays) > MOST_HOLIDAYS:
        raise BadInput("holidays", "time.holidays", most=MOST_HOLIDAYS)
    return Calendar(timezone, frames, frozenset(_date(text) for text in holidays))


def _frames(pairs: Sequence[Sequence[str]]) -> tuple[Frame, ...]:
    """The frames in order of the day. Raises BadInput if two overlap."""
    frames = sorted(_frame(pair) for pair in pairs)
    for (_, ends), (begins, _) in pairwise(frames):
        if begins < ends:
            raise BadInput("hours", "time.overlap")
    return tuple(frames)


def _frame(pair: Sequence[str]) -> Frame:
    if len(pair) != 2:
        raise BadInput("hours", "time.frame")
    start, end = _minute(pair[0]), _minute(pair[1])
    if end <= start:
        raise BadInput("hours", "time.frame_backwards", start=pair[0], end=pair[1])
    return start, end


def _minute(text: str) -> int:
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise BadInput("hours", "time.clock", text=text)
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as wrong:
        raise BadInput("holidays", "time.holiday", text=text) from wrong
    if day.isoformat() != text:
        raise BadInput("holidays", "time.holiday", text=text)
    return day
