"""When a broadcast is due that is scheduled in each customer's own time zone."""

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

FARTHEST_AHEAD = ZoneInfo("Pacific/Kiritimati")
"""UTC+14: the earliest time zone."""
FARTHEST_BEHIND = ZoneInfo("Etc/GMT+12")
"""UTC-12: the latest time zone."""
LAST_LOCAL_TIME = datetime(9997, 12, 31, 23, 59)
"""Later ones have no moment in some time zones."""


def first_moment(local_time: datetime) -> datetime:
    """When the first time zone reaches this time."""
    return local_time.replace(tzinfo=FARTHEST_AHEAD).astimezone(UTC)


def last_moment(local_time: datetime) -> datetime:
    """When the last time zone reaches this time."""
    return local_time.replace(tzinfo=FARTHEST_BEHIND).astimezone(UTC)


def due_in_zone(local_time: datetime, zone: str, *, at: datetime) -> datetime:
    """When that time zone reaches this time, or now if it already has.

    A time skipped by summer time is an hour later.
    """
    return max(at, local_time.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))


def zones_split_by(local_time: datetime, *, at: datetime) -> tuple[list[str], list[str]]:
    """The time zones that this machine knows: those that have not reached this time yet, and those that have."""
    ahead: list[str] = []
    reached: list[str] = []
    for zone in _zone_names():
        (ahead if due_in_zone(local_time, zone, at=at) > at else reached).append(zone)
    return ahead, reached


@lru_cache(maxsize=1)
def _zone_names() -> list[str]:
    return sorted(available_timezones())
