"""The loop that sends e-mails. One transaction marks the attempt, the e-mail is sent outside a transaction, another one
stores the result.
"""

import asyncio
import logging

from holdline.desk.notices.mails import settle_mails, take_due_mails
from holdline.scheduler.loops import tick_until
from holdline.scheduler.smtp import MailServer
from holdline.store.engine import Store

TURN_SECONDS = 1.0

log = logging.getLogger("holdline.mail")


class MailLoop:
    """A separate loop, so that a slow mail server delays nothing else."""

    def __init__(self, store: Store, server: MailServer) -> None:
        self._store, self._server = store, server

    async def run(self, stop: asyncio.Event) -> None:
        """Runs until `stop`. A pass that sent something is followed by the next at once."""
        await tick_until(stop, self.tick, seconds=TURN_SECONDS, logger=log)

    async def tick(self) -> int:
        """Returns the number of e-mails that were tried."""
        mails = await self._store.act(take_due_mails)
        if mails:
            results = await self._server.send(mails)
            await self._store.act(settle_mails, tries=list(zip(mails, results, strict=True)))
        return len(mails)
