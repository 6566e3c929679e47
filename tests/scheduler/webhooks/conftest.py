"""A desk whose webhooks point to receivers on loopback."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest

from holdline.desk.customers import customers
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.desk.settings import lists
from holdline.desk.webhooks.webhooks import add_webhook
from holdline.dialogs.customer import MessageSender
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.rules import DeskRules
from holdline.dialogs.webhooks.webhook import ToolWebhook
from holdline.scheduler.webhooks.webhook_loop import WebhookLoop
from holdline.scheduler.webhooks.webhook_wire import WebhookWire
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.people import managers
from holdline.store.tx import Row, Tx
from tests.scheduler.webhooks.receivers import Receiver, receiver

ANNA = MessageSender(telegram_id=510000001, name="Anna")


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(webhooks_to_private=True)


@pytest.fixture
def clock() -> ManualClock:
    """The rules' own library asks the system what time it is."""
    return ManualClock(datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
async def there() -> AsyncIterator[Receiver]:
    async with receiver() as one:
        yield one


@pytest.fixture
async def told(store: Store) -> Store:
    def found(tx: Tx) -> None:
        lists.ensure_lists(tx)
        managers.insert(tx, telegram_id=400000077, name="Maria", role="admin")
        customers.get_or_create_customer(tx, sender=ANNA)

    await store.act(found)
    return store


async def added(store: Store, url: str, *events: str) -> ToolWebhook:
    wanted = list(events) or ["outbound.ended"]
    return await store.act(add_webhook, url=url, events=wanted, active=True)


async def happens(store: Store, times: int = 1) -> None:
    """A message is superseded by the next one: each time the webhooks hear of one that ended."""
    for _ in range(times + 1):
        order = OutboundRequest(ANNA.telegram_id, MessageClass.FUNNEL, "Only today", collapse_key="sale")
        await store.act(accept_outbound, order=order)


async def tick(store: Store, **how: Any) -> int:
    how.setdefault("to_private", True)
    async with WebhookWire(store.clock, **how) as wire:
        return await WebhookLoop(store, wire).tick()


async def log(store: Store) -> list[Row]:
    return await store.read(lambda tx: tx.all("SELECT * FROM webhook_deliveries ORDER BY id"))
