"""Moving a due date by hours, days or months, or to a given moment."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.times import zone_of

UNITS = {"hours": 10_000, "days": 3_660, "months": 120}
"""How far a due date can be moved at once, by unit."""
FURTHEST = timedelta(days=100 * 365)
"""Repeated moves must not exceed the years that a calendar supports."""
_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Shift:
    """`number` of `unit`, or a moment `until`."""

    unit: str = ""
    number: int = 0
    until: datetime | None = None


def postpone(due_at: datetime | None, shift: Shift, *, at: datetime, zone: str) -> datetime:
    """The new due date, counted from the current one, or from now if there is none or it has passed.

    An hour is sixty minutes. Days and months keep the time of day in `zone`, also over a daylight saving change.
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
    """The moment. Raises BadInput if it is not in the future."""
    if until <= at:
        raise BadInput("until", "time.in_the_past")
    return until


def _refuse_bad_number(shift: Shift) -> None:
    if shift.unit not in UNITS:
        raise BadInput("by", "time.shift_unit")
    if not 1 <= shift.number <= UNITS[shift.unit]:
        raise BadInput("by", "time.shift_number", most=UNITS[shift.unit])


def _months_later(local: datetime, months: int) -> datetime:
    """The same day of the later month, or its last day."""
    years, month = divmod(local.month - 1 + months, _MONTHS_A_YEAR)
    year = local.year + years
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day)
