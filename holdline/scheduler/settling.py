"""Outcomes on their way into the store: several in one transaction, each tried until its lease is nearly over."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from holdline.desk import delivery
from holdline.desk.delivery import Begun
from holdline.dialogs.delivery import Outcome
from holdline.store.engine import Store
from holdline.store.errors import StoreUnavailable

TOGETHER = 64
GIVE_UP_SECONDS = 25.0  # the lane's lease is 30 s; after that the outcome counts as unknown
_AGAIN_SECONDS = 0.5

log = logging.getLogger("holdline.sender")


@dataclass(frozen=True, slots=True)
class Settlement:
    """What came of a call, and when it came."""

    begun: Begun
    outcome: Outcome
    came: float


class Settling:
    """`add` never waits; `run` stores what was added. A living answer is never thrown away for a hiccup."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._waiting: list[Settlement] = []
        self._some = asyncio.Event()
        self._busy = asyncio.Lock()

    def add(self, begun: Begun, outcome: Outcome) -> None:
        self._waiting.append(Settlement(begun, outcome, self._clock()))
        self._some.set()

    async def run(self) -> None:
        """For ever; cancelled by whoever started it, after `flush`."""
        while True:
            await self._some.wait()
            await self.flush()
            if self._waiting:
                await asyncio.sleep(
                    _AGAIN_SECONDS
                )  # the store is out of reach; nothing rings when it is back

    async def flush(self) -> None:
        """Everything that waits, unless the store is out of reach."""
        async with self._busy:
            self._some.clear()
            while self._waiting:
                batch = self._next_batch()
                if not await self._stored(batch):
                    self._waiting = self._still_good(batch) + self._waiting
                    self._some.set()
                    return
            self._store.bells.ring("outbox")

    def _next_batch(self) -> list[Settlement]:
        """Customers' chats together, in one order; a desk's chat alone, because others wait for its lock."""
        first = self._waiting[0]
        if first.begun.shared:
            return [self._waiting.pop(0)]
        batch = [one for one in self._waiting[:TOGETHER] if not one.begun.shared]
        taken = {one.begun.outbox_id for one in batch}
        self._waiting = [one for one in self._waiting if one.begun.outbox_id not in taken]
        return sorted(batch, key=lambda one: one.begun.chat_id)

    async def _stored(self, batch: list[Settlement]) -> bool:
        try:
            await self._store.act(delivery.settle_all, [(one.begun, one.outcome) for one in batch])
        except StoreUnavailable as broken:
            log.warning("an outcome cannot be stored yet: %s", broken)
            return False
        except Exception:
            if len(batch) == 1:
                return await self._stored_barely(batch[0])
            results = [await self._stored([one]) for one in batch]
            self._waiting += [one for one, ok in zip(batch, results, strict=True) if not ok]
        return True

    async def _stored_barely(self, one: Settlement) -> bool:
        """What follows from the outcome fails: the outcome itself must not be lost with it."""
        log.exception("what follows from item %s fails; only its outcome is stored", one.begun.outbox_id)
        try:
            await self._store.act(delivery.settle_all, [(one.begun, one.outcome)], bare=True)
        except Exception:
            log.exception("the outcome of item %s is lost and counts as unknown", one.begun.outbox_id)
        return True

    def _still_good(self, batch: list[Settlement]) -> list[Settlement]:
        now = self._clock()
        return [one for one in batch if now - one.came < GIVE_UP_SECONDS]
