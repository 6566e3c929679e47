"""The loop that delivers webhooks. One transaction takes deliveries, they are sent outside a transaction, another one
stores the results.

Each webhook has its own task while something is due, so a slow one delays only itself.
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
    """`wire` is opened and closed with the loop."""

    def __init__(self, store: Store, wire: WebhookWire) -> None:
        self._store, self._wire = store, wire
        self._busy: dict[int, asyncio.Task[int]] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Runs until `stop`. Deliveries in flight are settled, or become due again within half a minute."""
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
        """Makes one pass over everything that is due now. Returns the number of deliveries that were tried."""
        async with asyncio.TaskGroup() as group:
            tasks = await self._start_due(group)
        return sum(task.result() for task in tasks)

    async def _start_due(self, group: asyncio.TaskGroup) -> list[asyncio.Task[int]]:
        self._busy = {webhook: task for webhook, task in self._busy.items() if not task.done()}
        started = []
        for webhook_id in await self._store.read(webhooks_with_due):
            if webhook_id not in self._busy:
                task = group.create_task(self._deliver(webhook_id), name=f"webhook {webhook_id}")
                self._busy[webhook_id] = task
                started.append(task)
        return started

    async def _deliver(self, webhook_id: int) -> int:
        """Delivers until nothing is due for the webhook. An internal failure does not delay other webhooks."""
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
