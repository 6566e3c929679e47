"""The one place that reads the wall clock."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Aware UTC time; tests hand in a HandClock instead."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - this is the clock


class HandClock(Clock):
    """A clock that moves only by hand."""

    def __init__(self, start: datetime = datetime(2026, 1, 1, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
