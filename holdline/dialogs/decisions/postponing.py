"""A due date moves by hours, days or months, or to a moment that somebody names."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.times import zone_of

UNITS = {"hours": 10_000, "days": 3_660, "months": 120}
"""The most that a due date moves at once."""
FURTHEST = timedelta(days=100 * 365)
"""Step by step a due date would come to a year that no calendar knows."""
_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Shift:
    """`number` of `unit`, or until a moment."""

    unit: str = ""
    number: int = 0
    until: datetime | None = None


def postpone(due_at: datetime | None, shift: Shift, *, at: datetime, zone: str) -> datetime:
    """Counted from the date that is set, or from now where there is none or it has passed.

    An hour is sixty minutes; days and months keep the time of day in `zone`, also over a change of the clocks.
    """
    if shift.until is not None:
        return valid_end(shift.until, at=at)
    _refuse_bad_number(shift)
    start = due_at if due_at is not None and due_at > at else at
    moved = _later_moment(start, shift, zone=zone)
    if moved > at + FURTHEST:
        raise BadInput("by", "time.too_far", years=FURTHEST.days // 365)
    return moved


def _later_moment(start: datetime, shift: Shift, *, zone: str) -> datetime:
    if shift.unit == "hours":
        return start + timedelta(hours=shift.number)
    local = start.astimezone(zone_of(zone))
    moved = (
        local + timedelta(days=shift.number) if shift.unit == "days" else _months_later(local, shift.number)
    )
    return moved.astimezone(UTC)


def valid_end(until: datetime, *, at: datetime) -> datetime:
    """A moment that is still to come."""
    if until <= at:
        raise BadInput("until", "time.in_the_past")
    return until


def _refuse_bad_number(shift: Shift) -> None:
    if shift.unit not in UNITS:
        raise BadInput("by", "time.shift_unit")
    if not 1 <= shift.number <= UNITS[shift.unit]:
        raise BadInput("by", "time.shift_number", most=UNITS[shift.unit])


def _months_later(local: datetime, months: int) -> datetime:
    """The same day of that month, or its last."""
    years, month = divmod(local.month - 1 + months, _MONTHS_A_YEAR)
    year = local.year + years
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day)
