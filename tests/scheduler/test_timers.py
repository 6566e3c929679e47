"""Chores are repeated; a failing one does not delay the others."""

import asyncio
import time

from holdline.scheduler.timers import Chore, Timers
from holdline.store.errors import StoreUnavailable


async def test_a_failing_chore_does_not_delay_other_chores() -> None:
    done: list[str] = []

    async def fails() -> int:
        raise RuntimeError("no")

    async def waits() -> int:
        raise StoreUnavailable("no")

    async def works() -> int:
        done.append("works")
        return 3

    timers = Timers([Chore("fails", 1, fails), Chore("waits", 1, waits), Chore("works", 1, works)])
    assert await timers.tick() == 3
    assert done == ["works"]


async def test_chores_are_repeated_until_the_stop() -> None:
    turns, stop = 0, asyncio.Event()

    async def works() -> int:
        nonlocal turns
        turns += 1
        if turns == 3:
            stop.set()
        return 1

    began = time.monotonic()
    async with asyncio.timeout(60):
        await Timers([Chore("works", 0.05, works)]).run(stop)
    assert turns == 3
    assert time.monotonic() - began < 10
