"""One update in a handler. It ends in exactly one use case, or in a reason why there is none."""

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
    """A handler ran a second use case for one update. After a crash between the two nobody could tell
    which were done.
    """


class Work:
    """Handlers get it as `work`. `ended` is `done`, `ignored` or None; `trouble` is the exception of the
    last use case.
    """

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
        """When the update was committed to the inbox, which is later than when it was sent."""
        return self._claim.received_at

    async def act(self, use_case: Callable[Concatenate[Tx, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs the use case and marks the update as done, in one transaction.

        A DeskError rolls both back; another use case may then answer it. A second use case after a successful one
        raises SecondAct.
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
        """Ends the update without a use case. `reason` contains no names and no message text."""
        self._begin()
        try:
            await self._store.act(inbox.ignore, self._claim, reason)
        finally:
            self._acting = False
        self.ended = "ignored"

    @property
    def refusal(self) -> DeskError | None:
        """The desk's refusal that has not been answered yet."""
        return self.trouble if isinstance(self.trouble, DeskError) else None

    def _begin(self) -> None:
        if self._acting or self.ended:
            raise SecondAct(f"update {self.update_id} is {self.ended or 'being handled'} already")
        self._acting = True
