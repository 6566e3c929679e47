"""Drives erasures: from the erasure list through the tables to the files of the database."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

from holdline.desk.privacy import erasing
from holdline.scheduler.privacy.erasure_list import ErasureList
from holdline.store.engine import Store
from holdline.store.errors import StoreUnavailable, is_temporary
from holdline.store.people import customers
from holdline.store.privacy import erasures
from holdline.store.privacy.erasures import Erasure

log = logging.getLogger("holdline.privacy")
Progress = Callable[[Erasure], None]
SCRUB_AGAIN = timedelta(minutes=1)
"""After the log was being read: each try compacts the whole file, and nothing can be written meanwhile."""


class Eraser:
    """`work()` is one turn: it takes every erasure as far as it can go now."""

    def __init__(self, store: Store, erased: ErasureList) -> None:
        self._store, self._erased = store, erased
        self._scrub_not_before = store.clock.now()

    async def work(self) -> int:
        """Returns how many erasures were finished. One that fails is tried again at the next turn and keeps no other
        from going on.
        """
        finished = 0
        for erasure in await self._store.read(erasures.list_running):
            try:
                state = await self.drive(erasure.id)
            except Exception as trouble:
                if is_temporary(trouble):
                    raise
                log.exception("erasure %s failed; the next turn tries again", erasure.id)
                continue
            finished += state is not None and state.ended_at is not None
        return finished

    async def drive(self, erasure_id: int, show_progress: Progress | None = None) -> Erasure | None:
        """Goes on until the erasure is done, or waits for Telegram; returns it as it is then. Another process at the
        same erasure does no harm.
        """
        erasure = await self._store.read(erasures.by_id, erasure_id)
        while erasure is not None and erasure.ended_at is None:
            if show_progress is not None:
                show_progress(erasure)
            before = erasure
            erasure = await self._take_step(erasure)
            if erasure is None or (erasure.state, before.state) == ("copies", "copies"):
                return await self._store.read(erasures.by_id, erasure_id)
        return erasure

    async def _take_step(self, erasure: Erasure) -> Erasure | None:
        if erasure.state == "asked":
            customer = await self._store.read(customers.load, erasure.customer_id)
            digest = await asyncio.to_thread(self._erased.add, customer.telegram_id, erasure.created_at)
            await self._store.act(erasing.note_listed, erasure_id=erasure.id, person_hash=digest)
        elif erasure.state == erasures.SCRUB:
            if not await self._scrub(erasure):
                return None
        else:
            return await self._store.act(erasing.take_step, erasure_id=erasure.id)
        return await self._store.read(erasures.by_id, erasure.id)

    async def _scrub(self, erasure: Erasure) -> bool:
        """False: somebody is reading the log; it is tried again after SCRUB_AGAIN."""
        now = self._store.clock.now()
        if now < self._scrub_not_before:
            return False
        await self._store.act(erasing.forget_values, erasure_id=erasure.id)
        try:
            await self._store.scrub()
        except StoreUnavailable as busy:
            self._scrub_not_before = now + SCRUB_AGAIN
            log.info("erasure %s: %s", erasure.id, busy)
            return False
        await self._store.act(erasing.finish, erasure_id=erasure.id)
        return True
