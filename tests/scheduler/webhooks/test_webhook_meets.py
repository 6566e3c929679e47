"""A webhook is switched off or deleted during an event: on PostgreSQL the two transactions really meet."""

import asyncio
import threading
from collections.abc import Callable

import pytest

from holdline.desk.webhooks.deliveries import settle_deliveries, take_due_deliveries
from holdline.desk.webhooks.webhooks import change_webhook, delete_webhook
from holdline.dialogs.webhooks.webhook import GONE, DeliveryResult
from holdline.store.engine import Store
from holdline.store.invariants import find_violations
from holdline.store.tx import Tx
from holdline.store.webhooks import deliveries
from tests.desk.test_leaving_meets import done_or_waiting
from tests.scheduler.webhooks.conftest import added, happens


@pytest.fixture
def store_url(postgres_copy: str) -> str:
    """SQLite has one writer: there nobody meets anybody."""
    return postgres_copy


def tells(tx: Tx, webhook_id: int) -> None:
    deliveries.insert(
        tx, webhook_id=webhook_id, message_key="msg_late", event_type="outbound.ended", body="{}"
    )


def switches_off(tx: Tx, webhook_id: int) -> None:
    change_webhook(tx, webhook_id=webhook_id, changes={"active": False})


def deletes(tx: Tx, webhook_id: int) -> None:
    delete_webhook(tx, webhook_id=webhook_id)


def is_gone(tx: Tx, webhook_id: int) -> None:
    taken = take_due_deliveries(tx, webhook_id=webhook_id)
    result = DeliveryResult(GONE, "HTTP 410")
    settle_deliveries(tx, webhook_id=webhook_id, tries=[(each, result) for each in taken])


@pytest.mark.parametrize("is_told_first", [True, False])
@pytest.mark.parametrize("ends", [switches_off, deletes, is_gone])
async def test_no_delivery_waits_for_a_webhook_that_ends_meanwhile(
    told: Store, ends: Callable[[Tx, int], None], is_told_first: bool
) -> None:
    webhook = await added(told, "https://tool.example.org")
    await happens(told)
    first, second = (tells, ends) if is_told_first else (ends, tells)
    done, may_commit = threading.Event(), threading.Event()

    def holding(tx: Tx) -> None:
        first(tx, webhook.id)
        done.set()
        may_commit.wait(10)

    one = asyncio.create_task(told.act(holding))
    await asyncio.get_running_loop().run_in_executor(None, done.wait, 10)
    two = asyncio.create_task(told.act(second, webhook.id))
    await done_or_waiting(two, told.engine.url)  # type: ignore[attr-defined] # PostgreSQL's
    may_commit.set()
    await asyncio.gather(one, two)
    assert await told.read(find_violations) == []
    assert await told.read(lambda tx: deliveries.count(tx, webhook.id, "queued")) == 0
