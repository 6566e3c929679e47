"""Ticks: small passes over the tables, each as often as APScheduler's clock says.

Every due time lives in our own tables; the clock only says when to look. A pass that is still running is not
started a second time, and what was missed while the machine slept is one pass, not many.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from apscheduler.events import EVENT_JOB_ERROR, JobExecutionEvent  # type: ignore[import-untyped] # has no types
from apscheduler.schedulers.asyncio import AsyncIOScheduler  # type: ignore[import-untyped] # has no types

Tick = Callable[[], Awaitable[object]]

log = logging.getLogger("holdline.ticks")


class Ticks:
    """`add` passes by name, then `run` them until `stop`."""

    def __init__(self) -> None:
        self._passes: dict[str, tuple[Tick, float]] = {}

    def add(self, name: str, tick: Tick, *, seconds: float) -> None:
        self._passes[name] = (tick, seconds)

    async def once(self) -> None:
        """Every pass once, now: for tests and for the moment after the start."""
        for tick, _ in self._passes.values():
            await tick()

    async def run(self, stop: asyncio.Event) -> None:
        """A pass that fails is logged by name and tried again at its next turn."""
        clock = AsyncIOScheduler(
            timezone="UTC", job_defaults={"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        )
        clock.add_listener(_failed, EVENT_JOB_ERROR)
        for name, (tick, seconds) in self._passes.items():
            clock.add_job(tick, "interval", seconds=seconds, id=name)
        clock.start()
        try:
            await stop.wait()
        finally:
            clock.shutdown(wait=False)


def _failed(event: JobExecutionEvent) -> None:
    log.error("the pass %s failed: %s", event.job_id, event.exception, exc_info=event.exception)
