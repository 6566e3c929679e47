"""Days as people write them in the desk's languages."""

import re
from datetime import date, timedelta

_TOMORROW = frozenset({"tomorrow", "завтра", "jutro"})
_YEAR_FIRST = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII)
_DAY_FIRST = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})", re.ASCII)


def read_day(word: str, *, today: date) -> date | None:
    """`2026-12-01`, `1.12.2026`, `tomorrow`; None for anything else."""
    if word.casefold() in _TOMORROW:
        return today + timedelta(days=1)
    found = _YEAR_FIRST.fullmatch(word) or _DAY_FIRST.fullmatch(word)
    if found is None:
        return None
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
