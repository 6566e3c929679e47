"""Keeps the disk reserve: made at the start, and again as soon as there is room after a full disk."""

import asyncio

from holdline.desk.health.disk import notify_of_disk_reserve
from holdline.scheduler.loops import Loop, is_stopped_within
from holdline.store.engine import Store
from holdline.store.engines.disk_reserve import DiskReserve
from holdline.store.errors import StoreUnavailable

LOOK_SECONDS = 10.0


def keep_reserve(store: Store, reserve: DiskReserve) -> Loop:
    """Works in a separate thread: writing the file takes a second, and a full disk may be slow.

    Administrators are notified of changes; on a disk without any room, only when there is some again.
    """

    async def run(stop: asyncio.Event) -> None:
        reported = None
        while True:
            await asyncio.to_thread(reserve.make_if_missing)
            reported = await _report(store, reserve, reported)
            if await is_stopped_within(stop, LOOK_SECONDS):
                return

    return run


async def _report(
    store: Store, reserve: DiskReserve, reported: tuple[bool, int] | None
) -> tuple[bool, int] | None:
    """`reported`: whether the reserve was missing, and how often it had been used, at the last report."""
    now = (reserve.is_missing, reserve.times_used)
    if now == reported:
        return reported
    was_used = reserve.times_used > (reported[1] if reported else 0)
    try:
        await store.act(notify_of_disk_reserve, reserve=reserve, was_used=was_used)
    except StoreUnavailable:
        return reported
    return now
