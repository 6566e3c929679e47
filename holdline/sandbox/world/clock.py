"""The sandbox's own time: the wall clock plus the time that a test has added."""

import time


class SandboxClock:
    """Seconds since 1970; it never goes back."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._stopped_at: float | None = None

    def now(self) -> float:
        return (self._stopped_at or time.time()) + self._ahead

    def freeze(self) -> None:
        """Stops the clock; from now on only `advance` moves it."""
        self._stopped_at = time.time()

    def date(self) -> int:
        """Whole seconds, the format of Telegram's dates."""
        return int(self.now())

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("the clock only moves forward: give a positive number of seconds")
        self._ahead += seconds
