"""An event loop whose time is virtual: when nothing is ready it jumps to the next timer instead of waiting.

It has no sockets and no threads. Work for an executor is done at once, so nothing is ever outstanding at a jump.
"""

import asyncio
import selectors
from collections.abc import Callable
from contextvars import Context
from typing import Any

LONGEST_JUMP = 3600.0
BUSY_TURNS = 200_000


class NothingEver(Exception):
    """Nothing is ready and no timer is set, or work goes on and on without any time passing."""


class _Jumps(selectors.SelectSelector):
    """Instead of waiting for sockets it moves the loop's time."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self._turns = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise NothingEver("nothing is ready, and no timer is set")
        self._turns = 0 if timeout > 0 else self._turns + 1
        if self._turns > BUSY_TURNS:
            raise NothingEver(f"the desk was busy for {BUSY_TURNS} turns at second {self.now:.3f}")
        self.now += min(max(timeout, 0.0), LONGEST_JUMP)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """Begins at second 0."""

    def __init__(self) -> None:
        self._jumps = _Jumps()
        super().__init__(self._jumps)

    def time(self) -> float:
        return self._jumps.now

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as broken:
            done.set_exception(broken)
        return done

    def call_soon_threadsafe(
        self, callback: Callable[..., Any], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        return self.call_soon(callback, *args, context=context)
