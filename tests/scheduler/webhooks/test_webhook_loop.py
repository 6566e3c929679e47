"""Deliveries to webhooks, however often their receivers fail."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.desk.webhooks.deliveries import (
    KEPT_FOR,
    forget_old_deliveries,
    send_again,
    take_due_deliveries,
)
from holdline.desk.webhooks.webhooks import SWITCHED_OFF, change_webhook, delete_webhook
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.webhooks.webhook import ERROR_LIMIT
from holdline.scheduler.webhooks.webhook_loop import WebhookLoop
from holdline.scheduler.webhooks.webhook_wire import WebhookWire
from holdline.store.clock import ManualClock
from holdline.store.engine import Store
from holdline.store.invariants import find_violations
from holdline.store.tx import Row, Tx
from tests.scheduler.webhooks.conftest import ANNA, added, happens, log, tick
from tests.scheduler.webhooks.receivers import Receiver, receiver


@pytest.mark.row("M-16")
async def test_an_event_is_delivered_once_with_a_valid_signature(told: Store, there: Receiver) -> None:
    webhook = await added(told, there.url + "/hook")
    await happens(told)
    assert (await tick(told), await tick(told)) == (1, 0)
    (event,) = there.verified(webhook.secret)
    assert (event["type"], event["data"]["status"]) == ("outbound.ended", "cancelled")
    assert event["data"]["customer"]["telegram_id"] == ANNA.telegram_id
    headers, _ = there.requests[0]
    assert headers["content-type"] == "application/json"
    assert [(row["status"], row["http_status"], row["attempts"]) for row in await log(told)] == [
        ("sent", 200, 1)
    ]
    assert await told.read(find_violations) == []


async def test_only_requested_events_are_sent(told: Store, there: Receiver) -> None:
    await added(told, there.url, "dialog.state_changed")
    await happens(told)
    assert (await tick(told), there.requests) == (0, [])


@pytest.mark.row("M-16")
async def test_a_failed_delivery_is_repeated_with_the_same_id_until_accepted(
    told: Store, there: Receiver, clock: ManualClock
) -> None:
    webhook = await added(told, there.url)
    there.answers, there.words = [500, 302, 429], "no " * 200
    await happens(told)
    assert await tick(told) == 1
    (row,) = await log(told)
    assert (row["status"], row["http_status"]) == ("queued", 500)
    assert row["error"].startswith("HTTP 500 no no") and len(row["error"]) <= ERROR_LIMIT
    assert row["due_at"] <= clock.now() + timedelta(seconds=9)
    for _ in range(3):
        clock.advance(60 * 10)
        await tick(told)
    assert len(set(there.ids)) == 1
    assert [row["status"] for row in await log(told)] == ["sent"]
    assert len(there.requests) == 4  # a redirect is not followed
    stamps = [int(headers["webhook-timestamp"]) for headers, _ in there.requests]
    assert stamps == sorted(set(stamps))
    assert there.requests[0][1] == there.requests[3][1]
    assert webhook.secret.startswith("whsec_")


async def test_after_three_days_a_delivery_is_abandoned_and_can_be_sent_by_hand(
    told: Store, there: Receiver, clock: ManualClock
) -> None:
    await added(told, there.url)
    there.answers = [503] * 12
    await happens(told)
    for _ in range(12):
        await tick(told)
        clock.advance(2 * 86_400)
    (row,) = await log(told)
    assert (row["status"], row["attempts"]) == ("failed", 12)
    assert await tick(told) == 0
    await told.act(send_again, delivery_id=row["id"])
    assert await tick(told) == 1
    assert [row["status"] for row in await log(told)] == ["sent"]
    assert len(set(there.ids)) == 1


async def test_status_410_switches_a_webhook_off_and_abandons_waiting_deliveries(
    told: Store, there: Receiver
) -> None:
    webhook = await added(told, there.url)
    await happens(told, 25)  # more than leaves at once
    there.answers = [410]
    await tick(told)
    off = (await told.read(lambda tx: tx.all("SELECT active, off_reason FROM webhooks")))[0]
    assert (off["active"], off["off_reason"]) == (0, "gone")
    assert {row["status"] for row in await log(told)} == {"sent", "failed"}
    assert await tick(told) == 0
    await happens(told)
    assert await told.read(find_violations) == []
    changed = await told.act(change_webhook, webhook_id=webhook.id, changes={"active": True})
    assert (changed.active, changed.off_reason) == (True, None)


async def test_a_slow_receiver_delays_only_its_own_deliveries(told: Store, there: Receiver) -> None:
    async with receiver(hangs=asyncio.Event()) as slow:
        await added(told, slow.url)
        await added(told, there.url)
        await happens(told, 3)
        stop = asyncio.Event()
        wire = WebhookWire(told.clock, to_private=True)
        running = asyncio.create_task(WebhookLoop(told, wire).run(stop))
        await there.wait_for(3)
        await slow.wait_for(1)
        await happens(told)
        await there.wait_for(4)
        assert slow.hangs is not None
        slow.hangs.set()
        async with asyncio.timeout(10):
            while {row["status"] for row in await log(told) if row["webhook_id"] == 2} != {"sent"}:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        stop.set()
        await asyncio.wait_for(running, 10)
    assert {row["status"] for row in await log(told) if row["webhook_id"] == 2} == {"sent"}


async def test_a_delivery_whose_process_died_is_due_again(
    told: Store, there: Receiver, clock: ManualClock
) -> None:
    webhook = await added(told, there.url)
    await happens(told)
    (taken,) = await told.act(take_due_deliveries, webhook_id=webhook.id)
    assert await tick(told) == 0
    clock.advance(30)
    assert await tick(told) == 1
    assert there.ids == [taken.message_key]


async def test_deleting_a_webhook_during_a_delivery_breaks_nothing(told: Store, there: Receiver) -> None:
    webhook = await added(told, there.url)
    await happens(told)
    there.hangs = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(tick(told))
        await there.wait_for(1)
        await told.act(delete_webhook, webhook_id=webhook.id)
        there.hangs.set()
    assert await log(told) == []


async def test_events_for_a_webhook_that_is_switched_off_are_abandoned(told: Store, there: Receiver) -> None:
    webhook = await added(told, there.url)
    await happens(told)
    await told.act(change_webhook, webhook_id=webhook.id, changes={"active": False})
    assert [(row["status"], row["error"]) for row in await log(told)] == [("failed", SWITCHED_OFF)]
    assert (await tick(told), there.requests) == (0, [])


async def test_administrators_are_notified_once_of_a_webhook_that_fails_for_an_hour(
    told: Store, clock: ManualClock
) -> None:
    async with receiver() as gone:
        pass
    await added(told, gone.url)
    for _ in range(6):
        await happens(told)
        await tick(told)
        clock.advance(1800)
    alarms = await told.read(
        lambda tx: tx.all("SELECT payload_json FROM outbox WHERE kind = 'desk_notice' ORDER BY id")
    )
    assert [alarm["payload_json"]["key"] for alarm in alarms] == ["desk_notices.webhook_fails"]
    assert gone.url.removeprefix("http://") in str(alarms[0]["payload_json"]["words"])


async def test_the_log_is_kept_for_a_month(told: Store, there: Receiver, clock: ManualClock) -> None:
    await added(told, there.url)
    await happens(told)
    await tick(told)
    clock.advance(KEPT_FOR.total_seconds() - 60)
    assert await told.act(forget_old_deliveries) == 0
    clock.advance(120)
    assert await told.act(forget_old_deliveries) == 1
    assert await log(told) == []


async def test_without_webhooks_an_event_causes_no_query(told: Store) -> None:
    """SQLite's writer remembers that there are none; on PostgreSQL only the first event of a unit asks."""

    def statements(tx: Tx) -> int:
        order = OutboundRequest(ANNA.telegram_id, MessageClass.FUNNEL, "Only today", collapse_key="sale")
        for _ in range(2):
            accept_outbound(tx, order=order)
        asked: list[str] = []
        execute = tx._execute

        def watched(sql: str, values: Row) -> Any:
            asked.append(sql)
            return execute(sql, values)

        tx._execute = watched  # type: ignore[method-assign,assignment] # what the engine is asked
        accept_outbound(tx, order=order)
        return sum("webhook" in sql for sql in asked)

    assert await told.act(statements) == 0
