"""Updates that arrive during a commit share the next commit."""

import asyncio
from collections import deque

from holdline.store.engine import Store
from holdline.store.intake import inbox
from holdline.store.intake.received_update import ReceivedUpdate

MOST = 100
"""The most rows in one commit."""


class SharedCommit:
    """Makes one commit at a time. The caller that has waited longest commits for all that wait.

    This turns forty round trips to PostgreSQL into one. Nobody is answered before the commit that contains their own
    update.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: deque[tuple[ReceivedUpdate, asyncio.Future[bool]]] = deque()
        self._committing = False

    async def keep(self, update: ReceivedUpdate) -> None:
        """Returns after the commit. Raises what the commit raised."""
        turn: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((update, turn))
        if self._committing and await self._wait_for_commit(turn):
            return
        self._committing = True
        try:
            await self._commit(turn)
        finally:
            self._hand_over()

    async def _wait_for_commit(self, turn: asyncio.Future[bool]) -> bool:
        """Returns False if this caller must make the commit. If it is cancelled at that moment, the next one takes
        over.
        """
        try:
            return await turn
        except asyncio.CancelledError:
            if not turn.cancelled() and turn.exception() is None and not turn.result():
                self._hand_over()
            raise

    async def _commit(self, own: asyncio.Future[bool]) -> None:
        """Commits for all that wait. `own` is the first of them."""
        batch = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
        others = [turn for _, turn in batch if turn is not own]
        try:
            await self._store.act(inbox.put, [update for update, _ in batch])
        except BaseException as failed:
            carried = (
                failed if isinstance(failed, Exception) else ConnectionAbortedError("the commit was cut off")
            )
            for turn in others:
                if not turn.done():
                    turn.set_exception(carried)
            raise
        for turn in others:
            if not turn.done():
                turn.set_result(True)
        self._store.backlog.record(len(batch) + len(self._waiting))

    def _hand_over(self) -> None:
        """Hands over to the next caller that waits, skipping cancelled ones."""
        while self._waiting and self._waiting[0][1].done():
            self._waiting.popleft()
        if self._waiting:
            self._waiting[0][1].set_result(False)
        else:
            self._committing = False
