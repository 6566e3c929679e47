"""Parses a time typed by a manager: a number with a unit in one of the desk's languages, a time of day, or a date."""

import re
from datetime import UTC, datetime, timedelta

from holdline.dialogs.decisions.postponing import Shift
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.days import read_day
from holdline.dialogs.text.times import in_zone, zone_of

_UNITS = (
    ("hours", ("h", "hour", "ч", "час", "g", "godz")),
    ("days", ("d", "day", "д", "день", "дн", "dzie", "dni")),
    ("months", ("mo", "month", "мес", "m-c", "mies")),
)
_NUMBER = re.compile(r"([0-9]{1,6})\s*([^\W\d_][\w.-]*)")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_AT_DAY = "09:00"


def read_shift(text: str, *, at: datetime, zone: str) -> Shift:
    """`2 days`, `5 ч`, `3 mies.`. Times are read in that zone: `18:00` is the next one, `tomorrow 10:00`,
    `2026-05-06 14:00`, `6.05.2026 14:00`. A day alone means 09:00.
    """
    words = " ".join(text.casefold().split())
    if (found := _NUMBER.fullmatch(words)) is not None:
        unit = next((name for name, starts in _UNITS if found[2].startswith(starts)), "")
        return Shift(unit, int(found[1]))
    return Shift(until=_moment(words, at, zone))


def _moment(words: str, at: datetime, zone: str) -> datetime:
    here = in_zone(at, zone)
    if _CLOCK.fullmatch(words):
        today = _on_day(here, words)
        return (today if today > here else _on_day(here + timedelta(days=1), words)).astimezone(UTC)
    first, _, rest = words.partition(" ")
    day, clock = read_day(first, today=here.date()), rest or _AT_DAY
    if day is None or _CLOCK.fullmatch(clock) is None:
        raise BadInput("text", "time.typed")
    try:
        return _on_day(datetime.combine(day, here.time(), zone_of(zone)), clock).astimezone(UTC)
    except OverflowError as wrong:
        raise BadInput("text", "time.typed") from wrong


def _on_day(day: datetime, clock: str) -> datetime:
    hour, _, minute = clock.partition(":")
    return day.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)
