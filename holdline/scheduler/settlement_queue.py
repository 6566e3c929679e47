"""Outcomes on their way into the store: several in one transaction, each tried until its lease is nearly over."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from holdline.desk.delivery.settle import settle_all
from holdline.desk.delivery.start import StartedCall
from holdline.store.engine import Store
from holdline.store.errors import is_temporary
from holdline.telegram.outcomes import Outcome

TOGETHER = 64
GIVE_UP_SECONDS = 25.0  # the chat's lease is 30 s; after that the outcome counts as unknown

log = logging.getLogger("holdline.sender")


@dataclass(frozen=True, slots=True)
class Settlement:
    """What came of a call, and when it came."""

    begun: StartedCall
    outcome: Outcome
    came: float


def pairs(batch: list[Settlement]) -> list[tuple[StartedCall, Outcome]]:
    return [(settlement.begun, settlement.outcome) for settlement in batch]


class SettlementQueue:
    """What came back and is not stored yet. A living answer is never thrown away for a hiccup of the store."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._waiting: list[Settlement] = []
        self._in_hand: set[int] = set()

    @property
    def in_hand(self) -> frozenset[int]:
        """Calls of this process whose outcome is still to be stored: no clock can make them overdue."""
        return frozenset(self._in_hand)

    def expect(self, begun: list[StartedCall]) -> None:
        """These are on the wire now."""
        self._in_hand.update(call.outbox_id for call in begun)

    def forget(self, begun: list[StartedCall]) -> None:
        """Their outcomes are stored, or will never be known."""
        self._in_hand.difference_update(call.outbox_id for call in begun)

    def add(self, begun: StartedCall, outcome: Outcome) -> None:
        """Never waits; whoever rests is woken."""
        self._waiting.append(Settlement(begun, outcome, self._clock()))
        self._store.bells.ring("outbox")

    def take(self) -> list[Settlement]:
        """The oldest, in one order of chats for everybody, so that two transactions do not wait crosswise."""
        batch, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
        return sorted(batch, key=lambda settlement: (settlement.begun.shared, settlement.begun.chat_id))

    def put_back(self, batch: list[Settlement]) -> None:
        """The store is out of reach: again later, unless the lease is nearly over."""
        now = self._clock()
        late = [settlement for settlement in batch if now - settlement.came >= GIVE_UP_SECONDS]
        self._waiting = [settlement for settlement in batch if settlement not in late] + self._waiting
        for settlement in late:
            begun = settlement.begun
            log.error(
                "the outcome of item %s (%s, chat %s, attempt %s) could not be stored for %.0f s: it counts as unknown",
                begun.outbox_id,
                type(settlement.outcome).__name__,
                begun.chat_id,
                begun.attempt,
                now - settlement.came,
            )
        self.forget([settlement.begun for settlement in late])

    async def flush(self) -> None:
        """Everything that waits, unless the store is out of reach."""
        while self._waiting:
            batch = self.take()
            if not await self._store_batch(batch):
                self.put_back(batch)
                return

    async def one_by_one(self, batch: list[Settlement]) -> None:
        """One of them breaks the transaction: the others must not suffer."""
        self.put_back([settlement for settlement in batch if not await self._store_batch([settlement])])

    async def _store_batch(self, batch: list[Settlement]) -> bool:
        try:
            await self._store.act(settle_all, pairs(batch))
            self.forget([settlement.begun for settlement in batch])
        except Exception as broken:
            if is_temporary(broken):
                log.warning("an outcome cannot be stored yet: %s", broken)
                return False
            if len(batch) == 1:
                return await self._store_outcome_only(batch[0])
            await self.one_by_one(batch)
        return True

    async def _store_outcome_only(self, settlement: Settlement) -> bool:
        """What follows from the outcome fails: the outcome itself must not be lost with it."""
        log.exception(
            "what follows from item %s fails; only its outcome is stored", settlement.begun.outbox_id
        )
        try:
            await self._store.act(settle_all, pairs([settlement]), bare=True)
        except Exception:
            log.exception("the outcome of item %s is lost and counts as unknown", settlement.begun.outbox_id)
        self.forget([settlement.begun])
        return True
