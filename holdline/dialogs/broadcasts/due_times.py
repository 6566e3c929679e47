"""When a broadcast leaves whose moment each customer's own clock decides."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

FARTHEST_AHEAD = ZoneInfo("Pacific/Kiritimati")
"""UTC+14: nobody's day begins sooner."""


def first_moment(local_time: datetime) -> datetime:
    """When the first customer's clock can show it."""
    return local_time.replace(tzinfo=FARTHEST_AHEAD).astimezone(UTC)


def due_in_zone(local_time: datetime, zone: str, *, at: datetime) -> datetime:
    """When the clock there shows it; at once where it has shown it already.

    A moment that summer time leaves out is an hour later.
    """
    return max(at, local_time.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC))
