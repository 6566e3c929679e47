"""Keeps the disk reserve: made at the start, and again as soon as there is room after a full disk."""

import asyncio

from holdline.desk.health.disk import tell_of_reserve
from holdline.scheduler.loops import Loop, is_stopped_within
from holdline.store.engine import Store
from holdline.store.engines.disk_reserve import DiskReserve
from holdline.store.errors import StoreUnavailable

LOOK_SECONDS = 10.0


def keep_reserve(store: Store, reserve: DiskReserve) -> Loop:
    """Works in a thread of its own: to write the file takes a second, and a full disk may be a slow one.

    What changes is told to administrators; on a disk without any room that waits until there is some.
    """

    async def run(stop: asyncio.Event) -> None:
        told = None
        while True:
            await asyncio.to_thread(reserve.make_if_missing)
            told = await _tell(store, reserve, told)
            if await is_stopped_within(stop, LOOK_SECONDS):
                return

    return run


async def _tell(store: Store, reserve: DiskReserve, told: tuple[bool, int] | None) -> tuple[bool, int] | None:
    """`told`: whether it was missing and how often it had been used when administrators were told last."""
    now = (reserve.is_missing, reserve.times_used)
    if now == told:
        return told
    was_used = reserve.times_used > (told[1] if told else 0)
    try:
        await store.act(tell_of_reserve, reserve=reserve, was_used=was_used)
    except StoreUnavailable:
        return told
    return now
