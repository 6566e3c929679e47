"""The next occurrence of a time of day in the customer's time zone."""

from datetime import UTC, datetime, timedelta

from holdline.dialogs.funnels.steps import UntilStep
from holdline.dialogs.text.times import zone_of

_WEEK_AND_A_DAY = 8


def next_moment(step: UntilStep, zone: str, at: datetime) -> datetime:
    """The next such moment; `at` itself if it is one.

    If the clock goes forward, a skipped time of day comes later by the same amount. A time of day that occurs twice
    counts the first time only.
    """
    first = at.astimezone(zone_of(zone)).date()
    for days in range(_WEEK_AND_A_DAY + 1):
        day = first + timedelta(days=days)
        moment = datetime.combine(day, step.time, zone_of(zone)).astimezone(UTC)
        if moment >= at and (not step.weekdays or day.weekday() in step.weekdays):
            return moment
    raise AssertionError("a week has every weekday")
