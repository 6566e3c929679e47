"""Keeps the disk reserve: made at the start, and again as soon as there is room after a full disk."""

import asyncio

from holdline.scheduler.loops import Loop, is_stopped_within
from holdline.store.engines.disk_reserve import DiskReserve

LOOK_SECONDS = 10.0


def keep_reserve(reserve: DiskReserve) -> Loop:
    """Works in a thread of its own: to write the file takes a second, and a full disk may be a slow one."""

    async def run(stop: asyncio.Event) -> None:
        await asyncio.to_thread(reserve.make_if_missing)
        while not await is_stopped_within(stop, LOOK_SECONDS):
            await asyncio.to_thread(reserve.make_if_missing)

    return run
