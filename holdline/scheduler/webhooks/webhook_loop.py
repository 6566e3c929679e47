"""The loop that tells webhooks: taken in one transaction, sent in none, settled in another.

Each webhook has a task of its own while something is due for it, so a slow one keeps only itself waiting.
"""

import asyncio
import logging

from holdline.desk.webhooks.deliveries import settle_deliveries, take_due_deliveries, webhooks_with_due
from holdline.scheduler.loops import is_stopped_within
from holdline.scheduler.webhooks.webhook_wire import WebhookWire
from holdline.store.engine import Store
from holdline.store.errors import StoreUnavailable

TURN_SECONDS = 1.0
GRACE_SECONDS = 3.0

log = logging.getLogger("holdline.webhooks")


class WebhookLoop:
    """`wire` is opened with the loop, and closed with it."""

    def __init__(self, store: Store, wire: WebhookWire) -> None:
        self._store, self._wire = store, wire
        self._busy: dict[int, asyncio.Task[int]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`; what is on its way then is settled, or due again within half a minute."""
        async with self._wire, asyncio.TaskGroup() as group:
            while not await is_stopped_within(stop, TURN_SECONDS):
                try:
                    await self._start_due(group)
                except StoreUnavailable as broken:
                    log.warning("webhooks wait: %s", broken)
            if self._busy:
                await asyncio.wait(self._busy.values(), timeout=GRACE_SECONDS)
            for task in self._busy.values():
                task.cancel()

    async def tick(self) -> int:
        """One pass over everything that is due now; how many deliveries were tried."""
        async with asyncio.TaskGroup() as group:
            tasks = await self._start_due(group)
        return sum(task.result() for task in tasks)

    async def _start_due(self, group: asyncio.TaskGroup) -> list[asyncio.Task[int]]:
        self._busy = {webhook: task for webhook, task in self._busy.items() if not task.done()}
        started = []
        for webhook_id in await self._store.read(webhooks_with_due):
            if webhook_id not in self._busy:
                task = group.create_task(self._tell(webhook_id), name=f"webhook {webhook_id}")
                self._busy[webhook_id] = task
                started.append(task)
        return started

    async def _tell(self, webhook_id: int) -> int:
        """Until nothing is due for it any more; a failure of ours keeps no other webhook from its turn."""
        tried = 0
        try:
            while taken := await self._store.act(take_due_deliveries, webhook_id=webhook_id):
                results = await asyncio.gather(*(self._wire.send(delivery) for delivery in taken))
                tries = list(zip(taken, results, strict=True))
                await self._store.act(settle_deliveries, webhook_id=webhook_id, tries=tries)
                tried += len(taken)
        except StoreUnavailable as broken:
            log.warning("webhook %d waits: %s", webhook_id, broken)
        except Exception:
            log.exception("webhook %d failed, and is tried again", webhook_id)
        return tried
