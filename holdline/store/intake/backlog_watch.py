"""Whether Telegram sends a backlog to the webhook, as after an outage."""

import time
from collections.abc import Callable

MANY = 20
"""Half of the calls that Telegram makes at once. Without a backlog hardly two of them wait for the same commit."""
LASTS_SECONDS = 0.5


class BacklogWatch:
    """One per process, because the webhook and the worker share its processor."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ends = float("-inf")

    def record(self, waiting: int) -> None:
        """So many calls of Telegram wait for a commit now."""
        if waiting >= MANY:
            self._ends = self._clock() + LASTS_SECONDS

    @property
    def is_arriving(self) -> bool:
        """Whether many calls waited until a moment ago."""
        return self._clock() < self._ends
