"""Moments as managers type them: `18:00`, `tomorrow 18:00`, `2026-12-01 18:00`, `2h`, in their time zone."""

import re
from datetime import datetime, timedelta

from holdline.dialogs.text.days import read_day
from holdline.dialogs.text.times import in_zone, zone_of

_LENGTH = re.compile(r"(\d{1,4})(m|h|d)", re.IGNORECASE | re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def parse_moment(words: str, *, now: datetime, zone: str) -> tuple[datetime, str] | None:
    """The moment at the start of the text, and the rest of the text. None if it does not start with one.

    A time of day that has passed means tomorrow.
    """
    first, _, rest = words.strip().partition(" ")
    if length := _LENGTH.fullmatch(first):
        return now + timedelta(**{_UNITS[length[2].lower()]: int(length[1])}), rest.strip()
    today = in_zone(now, zone)
    if (day := read_day(first, today=today.date())) is not None:
        clock, _, rest = rest.strip().partition(" ")
        return _at(f"{day} {clock}", zone, rest)
    if not _CLOCK.fullmatch(first):
        return None
    found = _at(f"{today:%Y-%m-%d} {first}", zone, rest)
    if found is not None and found[0] <= now:
        return _at(f"{today + timedelta(days=1):%Y-%m-%d} {first}", zone, rest)
    return found


def _at(written: str, zone: str, rest: str) -> tuple[datetime, str] | None:
    try:
        moment = datetime.strptime(written, "%Y-%m-%d %H:%M").replace(tzinfo=zone_of(zone))
    except ValueError:
        return None
    return moment, rest.strip()
