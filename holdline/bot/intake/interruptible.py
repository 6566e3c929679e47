"""Waiting that ends early at a stop."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

R = TypeVar("R")


async def run_unless_stopped(stop: asyncio.Event, work: Coroutine[Any, Any, R]) -> R | None:
    """Returns the result, or None if `stop` came first. `work` has ended in both cases."""
    outcome: list[R] = []
    failure: list[Exception] = []

    async def watched() -> None:
        try:
            outcome.append(await work)
        except Exception as failed:  # carried over by hand: a group would wrap it
            failure.append(failed)

    async with asyncio.TaskGroup() as group:
        working, stopping = group.create_task(watched()), group.create_task(stop.wait())
        await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        working.cancel()
        stopping.cancel()
    if failure:
        raise failure[0]
    return outcome[0] if outcome else None


async def sleep_unless_stopped(stop: asyncio.Event, seconds: float) -> None:
    """Waits that long, or until the stop."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()


class BackOff:
    """Seconds to wait after each consecutive failure: from `first` up to `most`, each `growth` times the one before."""

    def __init__(self, first: float, most: float, *, growth: float = 2.0) -> None:
        self._first = first
        self._most = most
        self._growth = growth
        self._failures = 0

    def next(self) -> float:
        self._failures += 1
        return min(self._first * self._growth ** min(self._failures - 1, 16), self._most)

    def reset(self) -> None:
        self._failures = 0
