"""A frozen sender wakes while the next one works: on PostgreSQL their chores really meet, and each is done once."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from holdline.desk.notices.mails import settle_mails, take_due_mails
from holdline.desk.notices.subscriptions import send_digests
from holdline.desk.webhooks.deliveries import settle_deliveries, take_due_deliveries
from holdline.dialogs.outbox.letters import MailResult
from holdline.dialogs.rules import DeskRules
from holdline.dialogs.webhooks.webhook import DeliveryResult
from holdline.store.clock import ManualClock
from holdline.store.delivery import mails
from holdline.store.people import notifications
from holdline.store.tx import Tx
from tests.desk.conftest import Desk, desk
from tests.desk.test_leaving_meets import done_or_waiting, opened
from tests.scheduler.webhooks.conftest import added, happens

__all__ = ["desk"]
LETTER = {"to_address": "maria@example.org", "subject": "Case 1", "body": "Anna has written"}


@pytest.fixture
def rules() -> DeskRules:
    return DeskRules(mail_from="desk@example.org")


@pytest.fixture
def store_url(postgres_copy: str) -> str:
    """SQLite has one writer: there nobody meets anybody."""
    return postgres_copy


async def at_once(desk: Desk, chore: Callable[[Tx], Any]) -> list[Any]:
    """The second begins when the first has done its work and not committed; what each of them did."""
    done, may_commit = threading.Event(), threading.Event()

    def holding(tx: Tx) -> Any:
        result = chore(tx)
        done.set()
        may_commit.wait(10)
        return result

    one = asyncio.create_task(desk.store.act(holding))
    await asyncio.get_running_loop().run_in_executor(None, done.wait, 10)
    two = asyncio.create_task(desk.store.act(chore))
    await done_or_waiting(two, desk.store.engine.url)  # type: ignore[attr-defined] # PostgreSQL's
    may_commit.set()
    return await asyncio.gather(one, two)


async def test_a_letter_is_taken_by_one_of_them(desk: Desk) -> None:
    await desk.store.act(mails.insert, **LETTER)
    first, second = await at_once(desk, take_due_mails)
    assert (len(first), second) == (1, [])


async def test_a_delivery_is_taken_by_one_of_them(desk: Desk) -> None:
    webhook = await added(desk.store, "https://tool.example.org")
    await happens(desk.store)
    first, second = await at_once(desk, lambda tx: take_due_deliveries(tx, webhook_id=webhook.id))
    assert (len(first), second) == (1, [])


@pytest.mark.parametrize("channel", ["telegram", "email"])
async def test_notifications_are_sent_by_one_of_them(desk: Desk, channel: str, clock: ManualClock) -> None:
    dialog = await opened(desk)
    wanted = notifications.NotificationSettings({"note": (channel,)}, "maria@example.org")
    await desk.store.act(notifications.save_settings, desk.maria.id, wanted)
    note = {"topic": "note", "words": {"id": dialog.id, "title": "Case", "who": "Ivan", "text": "Look"}}
    about = {"manager_id": desk.maria.id, "dialog_id": dialog.id, "channel": channel}
    await desk.store.act(notifications.insert, **about, **note)
    clock.advance(60)
    await at_once(desk, send_digests)
    assert await desk.store.read(notifications.list_waiting) == []


async def test_the_late_failure_of_an_earlier_try_ends_no_later_one(desk: Desk, clock: ManualClock) -> None:
    """It would be tried again beside the try that is being made."""
    await desk.store.act(mails.insert, **LETTER)
    (stale,) = await desk.store.act(take_due_mails)
    clock.advance(301)
    await desk.store.act(take_due_mails)
    await desk.store.act(settle_mails, tries=[(stale, MailResult("timed out"))])
    clock.advance(60)
    assert await desk.store.act(take_due_mails) == []
    await desk.store.act(settle_mails, tries=[(stale, MailResult("no such user", is_final=True))])
    clock.advance(301)
    assert len(await desk.store.act(take_due_mails)) == 1


async def test_the_late_failure_of_an_earlier_call_ends_no_later_one(desk: Desk, clock: ManualClock) -> None:
    webhook = await added(desk.store, "https://tool.example.org")
    await happens(desk.store)
    (stale,) = await desk.store.act(take_due_deliveries, webhook_id=webhook.id)
    clock.advance(26)
    await desk.store.act(take_due_deliveries, webhook_id=webhook.id)
    late = DeliveryResult(None, "timed out")
    await desk.store.act(settle_deliveries, webhook_id=webhook.id, tries=[(stale, late)])
    clock.advance(24)
    assert await desk.store.act(take_due_deliveries, webhook_id=webhook.id) == []


async def test_a_late_success_is_believed(desk: Desk, clock: ManualClock) -> None:
    await desk.store.act(mails.insert, **LETTER)
    (stale,) = await desk.store.act(take_due_mails)
    clock.advance(301)
    await desk.store.act(take_due_mails)
    await desk.store.act(settle_mails, tries=[(stale, MailResult())])
    clock.advance(301)
    assert await desk.store.act(take_due_mails) == []
