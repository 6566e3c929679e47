"""The only place that reads the wall clock; it also notices when somebody has set the clock."""

from datetime import UTC, datetime, timedelta
from time import monotonic

BACK_SECONDS, FORWARD_SECONDS = 1.0, 60.0
"""Smaller steps are ignored: a step back delays things by that long at most, and small steps forward are normal."""


class Clock:
    """Aware UTC time, and monotonic seconds; tests pass a ManualClock instead."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - this is the clock

    def monotonic(self) -> float:
        return monotonic()


class ManualClock(Clock):
    """A clock that moves only by `advance` and `jump`."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._now = start
        self._seconds = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._seconds

    def advance(self, seconds: float) -> None:
        """Lets time pass."""
        self._now += timedelta(seconds=seconds)
        self._seconds += max(0.0, seconds)

    def jump(self, seconds: float) -> None:
        """Sets the wall clock; no time passes."""
        self._now += timedelta(seconds=seconds)


class ClockWatch:
    """Compares the wall clock with the monotonic seconds each time `look` is called.

    `needs_correction`: stored times have not been checked since the start, or since the clock was set by
    `step_seconds` (negative: back; None at the start).
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last: tuple[datetime, float] | None = None
        self._step_at = float("-inf")
        self.step_seconds: float | None = None
        self.needs_correction = True

    def look(self) -> bool:
        """Whether the stored times must be checked now."""
        now, seconds = self._clock.now(), self._clock.monotonic()
        before, self._last = self._last, (now, seconds)
        if before is not None:
            by = (now - before[0]).total_seconds() - (seconds - before[1])
            if not -BACK_SECONDS <= by <= FORWARD_SECONDS:
                self.needs_correction, self.step_seconds, self._step_at = True, by, seconds
        return self.needs_correction

    def has_stepped_within(self, seconds: float) -> bool:
        """Whether the clock was set so recently that times written by others cannot be judged by it yet."""
        self.look()
        return self._clock.monotonic() - self._step_at <= seconds
