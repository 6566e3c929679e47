"""When the next such time of day comes on the customer's clock."""

from datetime import UTC, datetime, timedelta

from holdline.dialogs.funnels.steps import UntilStep
from holdline.dialogs.text.times import zone_of

_WEEK_AND_A_DAY = 8


def next_moment(step: UntilStep, zone: str, at: datetime) -> datetime:
    """`at` itself where it is that moment.

    Where the clocks are set forward, a time of day that is left out comes as much later; an hour that there is
    twice comes once, the first time.
    """
    first = at.astimezone(zone_of(zone)).date()
    for days in range(_WEEK_AND_A_DAY + 1):
        day = first + timedelta(days=days)
        moment = datetime.combine(day, step.time, zone_of(zone)).astimezone(UTC)
        if moment >= at and (not step.weekdays or day.weekday() in step.weekdays):
            return moment
    raise AssertionError("a week has every weekday")
