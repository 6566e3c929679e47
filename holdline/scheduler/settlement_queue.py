"""Outcomes that wait to be stored: several per transaction, each retried until shortly before its lease ends."""

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
    """The outcome of a call, and when it arrived."""

    started: StartedCall
    outcome: Outcome
    came: float


def pairs(batch: list[Settlement]) -> list[tuple[StartedCall, Outcome]]:
    return [(settlement.started, settlement.outcome) for settlement in batch]


class SettlementQueue:
    """Outcomes that are not stored yet. A failure of the store never discards an outcome."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._clock = clock
        self._waiting: list[Settlement] = []
        self._in_hand: set[int] = set()

    @property
    def in_hand(self) -> frozenset[int]:
        """Calls of this process whose outcome is still to be stored. They are never treated as overdue."""
        return frozenset(self._in_hand)

    def expect(self, started: list[StartedCall]) -> None:
        """These calls are in flight now."""
        self._in_hand.update(call.outbox_id for call in started)

    def forget(self, started: list[StartedCall]) -> None:
        """The outcomes of these calls are stored, or will never be known."""
        self._in_hand.difference_update(call.outbox_id for call in started)

    def add(self, started: StartedCall, outcome: Outcome) -> None:
        """Adds an outcome without waiting, and wakes the sender."""
        self._waiting.append(Settlement(started, outcome, self._clock()))
        self._store.bells.ring("outbox")

    def take(self) -> list[Settlement]:
        """Takes the oldest outcomes in a fixed order of chats, so that two transactions cannot deadlock."""
        batch, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
        return sorted(batch, key=lambda settlement: (settlement.started.shared, settlement.started.chat_id))

    def put_back(self, batch: list[Settlement]) -> None:
        """Puts outcomes back while the store is unavailable, unless their lease is nearly over."""
        now = self._clock()
        late = [settlement for settlement in batch if now - settlement.came >= GIVE_UP_SECONDS]
        self._waiting = [settlement for settlement in batch if settlement not in late] + self._waiting
        for settlement in late:
            started = settlement.started
            log.error(
                "the outcome of item %s (%s, chat %s, attempt %s) could not be stored for %.0f s: it counts as unknown",
                started.outbox_id,
                type(settlement.outcome).__name__,
                started.chat_id,
                started.attempt,
                now - settlement.came,
            )
        self.forget([settlement.started for settlement in late])

    async def flush(self) -> None:
        """Stores everything that waits, unless the store is unavailable."""
        while self._waiting:
            batch = self.take()
            if not await self._store_batch(batch):
                self.put_back(batch)
                return

    async def one_by_one(self, batch: list[Settlement]) -> None:
        """Stores outcomes one by one, because one of them breaks the shared transaction."""
        self.put_back([settlement for settlement in batch if not await self._store_batch([settlement])])

    async def end_unanswered(self, use_case: Callable[..., int], **words: object) -> int:
        """Ends calls that nobody answered, by that use case; returns their number. If what follows from one of them
        fails, only the outcomes are stored: otherwise all of them, and their chats, would wait for ever.
        """
        try:
            return await self._store.act(use_case, **words)
        except Exception as broken:
            if is_temporary(broken):
                raise
            log.exception("what follows from a call without an answer fails; only the outcomes are stored")
            return await self._store.act(use_case, bare=True, **words)

    async def _store_batch(self, batch: list[Settlement]) -> bool:
        try:
            await self._store.act(settle_all, pairs(batch))
            self.forget([settlement.started for settlement in batch])
        except Exception as broken:
            if is_temporary(broken):
                log.warning("an outcome cannot be stored yet: %s", broken)
                return False
            if len(batch) == 1:
                return await self._store_outcome_only(batch[0])
            await self.one_by_one(batch)
        return True

    async def _store_outcome_only(self, settlement: Settlement) -> bool:
        """Stores the outcome without its consequences, because a consequence fails and the outcome must not be lost."""
        log.exception(
            "what follows from item %s fails; only its outcome is stored", settlement.started.outbox_id
        )
        try:
            await self._store.act(settle_all, pairs([settlement]), bare=True)
        except Exception:
            log.exception(
                "the outcome of item %s is lost and counts as unknown", settlement.started.outbox_id
            )
        self.forget([settlement.started])
        return True
