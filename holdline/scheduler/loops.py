"""Supervises loops. A loop that fails is logged and restarted, with growing pauses."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from holdline.store.errors import StoreUnavailable, is_temporary

Loop = Callable[[asyncio.Event], Awaitable[None]]
Tick = Callable[[], Awaitable[int]]
"""Returns how much was done; 0 ends the turn."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
_HEALTHY_SECONDS = 60.0

log = logging.getLogger("holdline.loops")


class Fatal(Exception):
    """A loop cannot continue, and a restart would not help. The sentence is for the operator."""


async def run_all(loops: Mapping[str, Loop], stop: asyncio.Event) -> None:
    """Runs each loop in its own task until `stop`. A Fatal of one stops all and is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for name, loop in loops.items():
                group.create_task(supervise(name, loop, stop), name=name)
    except* Fatal as fatal:
        raise _first(fatal) from None


async def supervise(name: str, loop: Loop, stop: asyncio.Event) -> None:
    """Restarts `loop(stop)` after every failure until it returns or `stop` is set. Only failures of its own make the
    pauses grow: a standby must be there soon after an outage of the store.
    """
    pause = FIRST_PAUSE
    clock = asyncio.get_running_loop().time
    while not stop.is_set():
        began = clock()
        try:
            await loop(stop)
        except Fatal:
            stop.set()
            raise
        except Exception as failed:
            if is_temporary(failed):
                log.warning("the loop %s waits for the store: %s", name, failed)
                await is_stopped_within(stop, FIRST_PAUSE)
                continue
            log.exception("the loop %s failed; it starts again in %.0f s", name, pause)
        else:
            return
        pause = FIRST_PAUSE if clock() - began > _HEALTHY_SECONDS else pause
        await is_stopped_within(stop, pause)
        pause = min(pause * 2, LONGEST_PAUSE)


async def is_stopped_within(stop: asyncio.Event, seconds: float) -> bool:
    """Returns True as soon as `stop` is set, False after `seconds`."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
    return stop.is_set()


async def tick_until(stop: asyncio.Event, tick: Tick, *, seconds: float, logger: logging.Logger) -> None:
    """Calls `tick` at this interval, and at once again if it did something."""
    while not await is_stopped_within(stop, seconds):
        try:
            while await tick() and not stop.is_set():
                pass
        except StoreUnavailable as broken:
            logger.warning("it waits for the store: %s", broken)


def _first(group: BaseExceptionGroup[Fatal]) -> Fatal:
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner
