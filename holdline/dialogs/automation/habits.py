"""A desk's habits: what happens automatically in every dialog if the desk has switched it on."""

from dataclasses import dataclass
from datetime import timedelta

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.sla.working_time import parse_duration

SHORTEST_WARNING = timedelta(minutes=10)
SHORTEST_HOLD = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Habits:
    """`close_after`: how long a customer may be silent before their dialog closes; None keeps it open.

    `warn_before`: how long before the close they are warned. `alarm_held_after`: how long marketing may wait for a
    dialog to end before its managers are notified; None means never. Each is stored as it was written: `12h`, `3d`.
    """

    answer_ends_pause: bool = False
    close_after: str | None = None
    warn_before: str = "1d"
    alarm_held_after: str | None = "7d"

    @property
    def closes_after(self) -> timedelta | None:
        return None if self.close_after is None else _length(self.close_after, field="close_after")

    @property
    def alarms_held_after(self) -> timedelta | None:
        return (
            None
            if self.alarm_held_after is None
            else _length(self.alarm_held_after, field="alarm_held_after")
        )

    @property
    def warns_before(self) -> timedelta:
        return _length(self.warn_before, field="warn_before")


def valid_habits(habits: Habits) -> Habits:
    """Raises BadInput if a length makes no sense. The warning must come between the last reply and the close."""
    closes_after, warns_before = habits.closes_after, habits.warns_before
    if warns_before < SHORTEST_WARNING:
        raise BadInput("warn_before", "habits.warning_too_short")
    if habits.alarms_held_after is not None and habits.alarms_held_after < SHORTEST_HOLD:
        raise BadInput("alarm_held_after", "habits.alarm_too_soon")
    if closes_after is not None and closes_after <= warns_before:
        raise BadInput("close_after", "habits.close_before_warning")
    return habits


def _length(text: str, *, field: str) -> timedelta:
    return parse_duration(text, None, field=field)
