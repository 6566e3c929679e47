"""Working time: which moments a calendar counts, how much lies between two moments, and when a given amount is over."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.times import zone_of

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = timedelta(days=1)
_MINUTES_A_DAY = 24 * 60
_DURATION = re.compile(r"([1-9][0-9]{0,8})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600}
LONGEST = timedelta(days=366)

Frame = tuple[int, int]
"""Start and end in minutes since midnight; 1440 ends the day."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Frames for each day of the week from Monday on, in the time zone `zone`, except on holidays."""

    zone: str
    hours: tuple[tuple[Frame, ...], ...]
    holidays: frozenset[date] = frozenset()

    @property
    def day(self) -> timedelta:
        """The length of `1d`: the most common length of its working days, the longer one if two are equally common."""
        lengths = Counter(sum(end - start for start, end in frames) for frames in self.hours if frames)
        usual = max(lengths, key=lambda minutes: (lengths[minutes], minutes))
        return timedelta(minutes=usual)

    def frames(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Its working periods from then on, in UTC and in order. The first may have started earlier.

        On a clock change frames do not overlap: an hour that occurs twice counts twice, a skipped hour does not
        count.
        """
        zone = zone_of(self.zone)
        day = since.astimezone(zone).date() - _DAY
        ended = since - _DAY * 3
        while True:
            for start, end in () if day in self.holidays else self.hours[day.weekday()]:
                begins, ends = (
                    datetime.combine(day + _DAY * (minute // _MINUTES_A_DAY), _time(minute), zone).astimezone(
                        UTC
                    )
                    for minute in (start, end)
                )
                begins = max(begins, ended)
                if ends > max(begins, since):
                    yield begins, ends
                    ended = ends
            day += _DAY


def add_working_time(calendar: Calendar | None, start: datetime, length: timedelta) -> datetime:
    """The moment when this much time has been worked since `start`. Without a calendar every moment counts."""
    if calendar is None or length <= timedelta():
        return start + max(length, timedelta())
    for begins, ends in calendar.frames(start):
        first = max(begins, start)
        if length <= ends - first:
            return first + length
        length -= ends - first
    raise AssertionError("a calendar works for ever")


def work_between(calendar: Calendar | None, start: datetime, end: datetime) -> timedelta:
    """The working time between two moments; zero if the second is earlier."""
    if calendar is None or end <= start:
        return max(end - start, timedelta())
    worked = timedelta()
    for begins, ends in calendar.frames(start):
        if begins >= end:
            break
        worked += min(ends, end) - max(begins, start)
    return worked


def next_opening(calendar: Calendar, at: datetime) -> datetime | None:
    """When it next opens, or None if it is open now."""
    begins, _ = next(calendar.frames(at))
    return begins if begins > at else None


def parse_duration(text: str, calendar: Calendar | None, *, field: str) -> timedelta:
    """`90m`, `4h`. `2d` is two working days of the calendar; without a calendar a day has 24 hours."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise BadInput(field, "time.duration")
    number, unit = int(found[1]), found[2]
    day = calendar.day if calendar is not None else _DAY
    seconds = number * (day.total_seconds() if unit == "d" else _SECONDS[unit])
    if seconds > LONGEST.total_seconds():
        raise BadInput(field, "time.duration_too_long", days=LONGEST.days)
    return timedelta(seconds=seconds)


def _time(minute: int) -> time:
    hours, minutes = divmod(minute % _MINUTES_A_DAY, 60)
    return time(hours, minutes)
