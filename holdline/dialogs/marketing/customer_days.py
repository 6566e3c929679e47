"""Marketing follows the customer's own clock: nothing in the quiet hours, and a limited number of messages a day."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from holdline.dialogs.gate import MessageClass
from holdline.dialogs.marketing.admission import Postponed
from holdline.dialogs.text.times import zone_of

QUIET_HOURS, CAP_PER_DAY = "quiet_hours", "cap_per_day"
"""What a message waits for, as in the API."""
DAY_REASONS = frozenset({QUIET_HOURS, CAP_PER_DAY})
KEEPS_TO_DAYS = frozenset({MessageClass.FUNNEL, MessageClass.BROADCAST})
"""A smart reply is not included: it answers a question, and is sent at once or never."""

_HOURS = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", re.ASCII)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begin` to `end` in the customer's time zone, across midnight if `end` is earlier."""

    begin: time
    end: time


def parse_quiet_hours(text: str) -> QuietHours | None:
    """Parses "22:00-08:00"; None for an empty text. Raises ValueError for anything else."""
    written = text.replace(" ", "").replace("–", "-")
    if not written:
        return None
    found = _HOURS.fullmatch(written)
    if found is None:
        raise ValueError(f"no hours: {text!r}")
    hours = QuietHours(time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4])))
    if hours.begin == hours.end:
        raise ValueError("the whole day, or none of it")
    return hours


def zone_of_customer(own: str | None, desk: str) -> str:
    """The customer's time zone if it is set and known to this machine, otherwise the desk's."""
    try:
        zone_of(own or desk)
    except ValueError:
        return desk
    return own or desk


def quiet_end(hours: QuietHours, at: datetime, zone: str) -> datetime | None:
    """When the quiet hours around `at` end, or None if `at` is outside them.

    On a clock change they begin as early and end as late as possible, so that no message arrives in a quiet hour.
    """
    today = at.astimezone(zone_of(zone)).date()
    over_midnight = _DAY if hours.end < hours.begin else timedelta()
    for day in (today - _DAY, today):
        begin = min(_moments(day, hours.begin, zone))
        end = max(_moments(day + over_midnight, hours.end, zone))
        if begin <= at < end:
            return end
    return None


def quiet_begin(hours: QuietHours, at: datetime, zone: str) -> datetime:
    """When quiet hours begin next, not before `at`; their begin at `at` itself counts."""
    today = at.astimezone(zone_of(zone)).date()
    return min(
        begin
        for day in (today, today + _DAY, today + 2 * _DAY)
        if (begin := min(_moments(day, hours.begin, zone))) >= at
    )


def day_start(at: datetime, zone: str) -> datetime:
    """The first moment of the customer's day that contains `at`."""
    return _moments(at.astimezone(zone_of(zone)).date(), time(), zone)[0]


def next_day_start(at: datetime, zone: str) -> datetime:
    """The first moment of the customer's next day."""
    day = at.astimezone(zone_of(zone)).date()
    return _moments(day + _DAY, time(), zone)[0]


def postpone_for_day(
    at: datetime, *, zone: str, quiet: QuietHours | None, cap: int, sent_today: int
) -> Postponed | None:
    """Postpones to the end of the quiet hours; above the cap to the next day, after its quiet hours."""
    end = quiet_end(quiet, at, zone) if quiet else None
    if end is not None:
        return Postponed(end, QUIET_HOURS, for_all=True)
    if not cap or sent_today < cap:
        return None
    tomorrow = next_day_start(at, zone)
    return Postponed(
        (quiet_end(quiet, tomorrow, zone) if quiet else None) or tomorrow, CAP_PER_DAY, for_all=True
    )


def _moments(day: date, clock: time, zone: str) -> tuple[datetime, datetime]:
    """Both moments that a local time can mean. They differ only for an hour that occurs twice or is skipped.

    The first one is also the first moment of a day that has no midnight, or two.
    """
    local = datetime.combine(day, clock, zone_of(zone))
    return local.replace(fold=0).astimezone(UTC), local.replace(fold=1).astimezone(UTC)
