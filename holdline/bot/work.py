"""One update in a handler's hands: it ends in exactly one act, or in a reason why there was none."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from holdline.dialogs.refusal import DeskError
from holdline.store.engine import Store
from holdline.store.errors import StoreUnavailable
from holdline.store.intake import inbox
from holdline.store.intake.inbox import InboxJob
from holdline.store.tx import Tx

P = ParamSpec("P")
R = TypeVar("R")


class SecondAct(RuntimeError):
    """A handler tried to act twice for one update; a crash between the two could not be told from none."""


class Work:
    """Handlers get it as `work`. `ended` is `done`, `ignored` or None; `trouble` is what the last act died of."""

    def __init__(self, job: InboxJob, store: Store) -> None:
        self._claim = job
        self._store = store
        self._acting = False
        self._running = False
        self.ended: str | None = None
        self.trouble: Exception | None = None

    @property
    def update_id(self) -> int:
        return self._claim.update_id

    @property
    def received_at(self) -> datetime:
        """When it was committed to the inbox, not when it was written in Telegram."""
        return self._claim.received_at

    async def act(self, use_case: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the use case and mark the update done, in one transaction.

        A DeskError undoes both and may be answered by another act; a second act after a good one is SecondAct.
        """

        def acted(tx: Tx) -> R:
            self._running = True
            try:
                inbox.finish(tx, self._claim)
                tx.allow_lazy_commit()
                return use_case(tx, *args, **kwargs)
            finally:
                self._running = False

        self._begin()
        try:
            result = await self._store.act(acted)
        except asyncio.CancelledError:
            if not self._running:
                self.trouble = StoreUnavailable("its turn to write had not come")
            raise
        except Exception as trouble:
            self.trouble = trouble
            raise
        finally:
            self._acting = False
        self.ended, self.trouble = "done", None
        return result

    async def ignore(self, reason: str) -> None:
        """Nothing to do for it; `reason` names no person and quotes nobody."""
        self._begin()
        try:
            await self._store.act(inbox.ignore, self._claim, reason)
        finally:
            self._acting = False
        self.ended = "ignored"

    @property
    def refusal(self) -> DeskError | None:
        """The desk's refusal that nobody has answered yet."""
        return self.trouble if isinstance(self.trouble, DeskError) else None

    def _begin(self) -> None:
        if self._acting or self.ended:
            raise SecondAct(f"update {self.update_id} is {self.ended or 'being handled'} already")
        self._acting = True
