"""The broadcast loop: gathers audiences, feeds recipients into the outbox, ends cancelled messages, counts results."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial

from holdline.desk.broadcasts.button_presses import sum_up_presses
from holdline.desk.broadcasts.changing import change_chunk
from holdline.desk.broadcasts.ending import end_chunk, expire_chunk, measure_and_finish, sum_up
from holdline.desk.broadcasts.feeding import ahead_of_sender, feed_chunk
from holdline.desk.broadcasts.gathering import gather_chunk
from holdline.dialogs.broadcasts.broadcast import Broadcast, BroadcastStatus
from holdline.store.broadcasts import broadcasts, budgets, button_presses
from holdline.store.engine import Store
from holdline.store.errors import StoreUnavailable, is_temporary
from holdline.store.tx import Tx

TURN_SECONDS = 1.0
CHUNKS_A_TURN = 40
"""The most chunks of one broadcast that are gathered, fed, postponed or ended before the others have their turn."""
_AT_WORK = (BroadcastStatus.SCHEDULED, BroadcastStatus.SENDING, BroadcastStatus.CANCELLED)
BELL = "broadcasts"

log = logging.getLogger("holdline.broadcasts")


class BroadcastLoop:
    """Every step is a short transaction, so that a kill loses nothing and others do not wait long for the database."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def run(self, stop: asyncio.Event) -> None:
        """Runs until `stop`. Turns follow each other while there is work; otherwise a bell or a second
        starts the next.
        """
        async with asyncio.TaskGroup() as group:
            bell = group.create_task(self._wake_at(stop))
            while not stop.is_set():
                try:
                    busy = await self.tick()
                except StoreUnavailable as broken:
                    log.warning("broadcasts wait: %s", broken)
                    busy = 0
                if not busy:
                    await self._store.bells.wait(BELL, TURN_SECONDS)
            bell.cancel()

    async def _wake_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._store.bells.ring(BELL)

    async def tick(self) -> int:
        """Gives each broadcast with work one turn. Returns how many have more work at once."""
        await self._change_sent()
        while await self._store.read(button_presses.is_any_tally):
            await self._store.act(sum_up_presses)
        at_work = await self._store.read(_at_work)
        if any(map(self._is_due, at_work)):
            await self._store.act(broadcasts.start_due)
            at_work = await self._store.read(_at_work)
        if not at_work:
            return 0
        sending = [each for each in at_work if each.status is BroadcastStatus.SENDING]
        paying, busy = await self._list_paying(), 0
        for each in at_work:
            ahead = self._ahead(each.id in paying, len(sending))
            busy += await self._log_failure(each.id, self._take_turn(each, ahead))
        while await self._store.act(sum_up):
            pass
        for each in sending:
            await self._store.act(measure_and_finish, broadcast_id=each.id)
        return busy

    async def _list_paying(self) -> list[int]:
        """The broadcasts that may exceed the free pace."""
        return await self._store.read(budgets.list_paying) if self._store.rules.paid_per_second else []

    def _ahead(self, pays: bool, shares: int) -> int:
        """How many messages of a broadcast may wait in the outbox. One that pays does not share the paid pace."""
        rules = self._store.rules
        ahead = ahead_of_sender(rules.per_second, shares)
        return max(ahead, ahead_of_sender(rules.paid_per_second, 1)) if pays else ahead

    async def _log_failure(self, broadcast_id: int, turn: Awaitable[bool]) -> bool:
        """Logs a failure and tries again at the next turn, so that other broadcasts are not delayed."""
        try:
            return await turn
        except Exception as broken:
            if is_temporary(broken):
                raise
            log.exception("broadcast %s has not had its turn", broadcast_id)
            return False

    async def _take_turn(self, broadcast: Broadcast, ahead: int) -> bool:
        if broadcast.status is BroadcastStatus.CANCELLED:
            return await self._run_chunks(end_chunk, broadcast.id)
        if broadcast.status is not BroadcastStatus.SENDING:
            return False
        more = broadcast.gathered_at is None and await self._run_chunks(gather_chunk, broadcast.id)
        if self._is_over(broadcast):
            return await self._run_chunks(expire_chunk, broadcast.id) or more
        return await self._run_chunks(partial(feed_chunk, ahead=ahead), broadcast.id) or more

    async def _run_chunks(
        self, unit: Callable[..., object], broadcast_id: int, most: int = CHUNKS_A_TURN
    ) -> bool:
        """Returns whether there may be more work after so many chunks."""
        for _ in range(most):
            if not await self._store.act(unit, broadcast_id=broadcast_id):
                return False
        return True

    async def _change_sent(self) -> None:
        """Queues a few edits or deletions per turn: a third of Telegram's limit, so that managers' messages do not
        wait.
        """
        most = 1 if self._store.rules.per_second else CHUNKS_A_TURN
        for broadcast_id in await self._store.read(broadcasts.list_changing):
            await self._log_failure(broadcast_id, self._run_chunks(change_chunk, broadcast_id, most))

    def _is_due(self, broadcast: Broadcast) -> bool:
        now = self._store.clock.now()
        return broadcast.status is BroadcastStatus.SCHEDULED and broadcast.starts_at <= now

    def _is_over(self, broadcast: Broadcast) -> bool:
        return broadcast.expires_at is not None and broadcast.expires_at <= self._store.clock.now()


def _at_work(tx: Tx) -> list[Broadcast]:
    return broadcasts.list_at_work(tx, _AT_WORK)
