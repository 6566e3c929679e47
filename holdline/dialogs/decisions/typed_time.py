"""Parses a time typed by a manager: a number with a unit in one of the desk's languages, or a date."""

import re
from datetime import UTC, datetime

from holdline.dialogs.decisions.postponing import Shift
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.times import zone_of

_UNITS = (
    ("hours", ("h", "hour", "ч", "час", "g", "godz")),
    ("days", ("d", "day", "д", "день", "дн", "dzie", "dni")),
    ("months", ("mo", "month", "мес", "m-c", "mies")),
)
_NUMBER = re.compile(r"([0-9]{1,6})\s*([^\W\d_][\w.-]*)")
_MOMENT = "%Y-%m-%d %H:%M"


def read_shift(text: str, *, zone: str) -> Shift:
    """`2 days`, `5 ч`, `3 mies.`. `2026-05-06 14:00` is read in that time zone. A date alone means 09:00 that day."""
    words = " ".join(text.casefold().split())
    if (found := _NUMBER.fullmatch(words)) is not None:
        unit = next((name for name, starts in _UNITS if found[2].startswith(starts)), "")
        return Shift(unit, int(found[1]))
    return Shift(until=_moment(words if " " in words else f"{words} 09:00", zone))


def _moment(text: str, zone: str) -> datetime:
    try:
        return datetime.strptime(text, _MOMENT).replace(tzinfo=zone_of(zone)).astimezone(UTC)
    except (ValueError, OverflowError) as wrong:
        raise BadInput("text", "time.typed") from wrong
