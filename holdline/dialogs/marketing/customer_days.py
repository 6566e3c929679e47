"""Marketing keeps to a customer's own clock: no word in the quiet hours, and not more than so many a day."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from holdline.dialogs.gate import MessageClass
from holdline.dialogs.marketing.admission import Postponed
from holdline.dialogs.text.times import zone_of

QUIET_HOURS, CAP_PER_DAY = "quiet_hours", "cap_per_day"
"""What a message waits for, as the API says it."""
DAY_REASONS = frozenset({QUIET_HOURS, CAP_PER_DAY})
KEEPS_TO_DAYS = frozenset({MessageClass.FUNNEL, MessageClass.BROADCAST})
"""An automatic answer is asked for, and comes at once or never."""

_HOURS = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})", re.ASCII)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `begin` to `end` on the customer's clock, over midnight where `end` is the earlier one."""

    begin: time
    end: time


def parse_quiet_hours(text: str) -> QuietHours | None:
    """ "22:00-08:00"; None for an empty text. ValueError for anything else."""
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
    """The customer's, where somebody has told one that this machine knows; else the desk's."""
    try:
        zone_of(own or desk)
    except ValueError:
        return desk
    return own or desk


def quiet_end(hours: QuietHours, at: datetime, zone: str) -> datetime | None:
    """When the quiet hours are over that `at` falls into; None outside them.

    Where the clock is set, they begin as early and end as late as can be meant: nobody hears a word at a quiet hour.
    """
    today = at.astimezone(zone_of(zone)).date()
    over_midnight = _DAY if hours.end < hours.begin else timedelta()
    for day in (today - _DAY, today):
        begin = min(_moments(day, hours.begin, zone))
        end = max(_moments(day + over_midnight, hours.end, zone))
        if begin <= at < end:
            return end
    return None


def day_start(at: datetime, zone: str) -> datetime:
    """The first moment of the customer's day that `at` falls into."""
    return _moments(at.astimezone(zone_of(zone)).date(), time(), zone)[0]


def next_day_start(at: datetime, zone: str) -> datetime:
    """The first moment of their next day."""
    day = at.astimezone(zone_of(zone)).date()
    return _moments(day + _DAY, time(), zone)[0]


def postpone_for_day(
    at: datetime, *, zone: str, quiet: QuietHours | None, cap: int, sent_today: int
) -> Postponed | None:
    """Until the quiet hours end, or beyond the cap until the next day, and then not in quiet hours either."""
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
    """Both that may be meant: the same one, but for an hour that comes twice or never.

    The first one is the first moment of a day that has no midnight, or two.
    """
    local = datetime.combine(day, clock, zone_of(zone))
    return local.replace(fold=0).astimezone(UTC), local.replace(fold=1).astimezone(UTC)
