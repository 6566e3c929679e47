"""Settings → Webhooks: their health, switching on and off, and sending missed events again."""

from typing import Any

import pytest

from holdline.desk.webhooks.deliveries import settle_deliveries, take_due_deliveries
from holdline.desk.webhooks.webhooks import add_webhook, change_webhook, list_webhooks
from holdline.dialogs.webhooks.webhook import DeliveryResult, ToolWebhook
from holdline.store.engine import Store
from holdline.store.invariants import find_violations
from holdline.store.tx import Tx
from tests.bot.desk_kit import Staff
from tests.bot.staging import opened, words, wrote

URL = "https://tool.example.org/hook?key=secret"


@pytest.fixture
def staff(private_desk: Store) -> Staff:
    return Staff(private_desk)


class Page:
    """The window, open at Webhooks."""

    def __init__(self, staff: Staff, number: int, form: str) -> None:
        self.staff, self._number, self._form = staff, number, form

    @classmethod
    async def opened(cls, staff: Staff) -> "Page":
        await staff.says("/settings")
        window = await staff.answer()
        page = cls(staff, window.number, window.form)
        await page.presses("open:webhooks")
        return page

    async def presses(self, action: str) -> None:
        await self.staff.presses(f"{self._form}:{action}", on=self._number)

    @property
    def text(self) -> str:
        return self.staff.gateway.window

    @property
    def captions(self) -> list[str]:
        keyboard = self.staff.gateway.edits()[-1].params["reply_markup"]["inline_keyboard"]
        return [button["text"] for row in keyboard for button in row]


async def added(store: Store) -> ToolWebhook:
    return await store.act(add_webhook, url=URL, events=["dialog.state_changed"], active=True)


async def told(store: Store, *, error: str, http_status: int | None = None) -> None:
    """A dialog was opened; this is what became of telling it."""

    def tell(tx: Tx) -> None:
        webhook_id = list_webhooks(tx)[0].id
        taken = take_due_deliveries(tx, webhook_id=webhook_id)
        result: Any = DeliveryResult(http_status, error)
        settle_deliveries(tx, webhook_id=webhook_id, tries=[(each, result) for each in taken])

    await store.act(tell)


async def test_a_desk_without_webhooks_sees_how_a_tool_adds_one(staff: Staff) -> None:
    page = await Page.opened(staff)
    assert "POST /webhooks" in page.text
    assert page.captions == ["◀ All settings"]


@pytest.mark.row("M-16")
async def test_a_webhook_shows_its_health_without_keys_and_is_switched_off_and_on(staff: Staff) -> None:
    webhook = await added(staff.store)
    await wrote(staff.store, words())
    await opened(staff.store)
    await told(staff.store, error="HTTP 500 out of order", http_status=500)
    page = await Page.opened(staff)
    assert page.captions[0] == "⚠️ tool.example.org/hook"
    await page.presses(f"show:{webhook.id}")
    assert "HTTP 500 out of order" in page.text and "Waiting: 1 · given up: 0" in page.text
    assert "secret" not in page.text
    await page.presses("switch")
    assert "given up: 1" in page.text
    assert page.captions[0] == "▶️ Switch on"
    await page.presses("switch")
    assert page.captions[:2] == ["⏸ Switch off", "🔁 Send again what was given up (1)"]
    await page.presses("again")
    assert "Waiting: 1 · given up: 0" in page.text
    await page.presses("up")
    assert page.captions[0] == "✅ tool.example.org/hook"


async def test_abandoned_events_are_not_sent_again_while_the_webhook_is_off(staff: Staff) -> None:
    """A colleague switches it off, and the window still has the button."""
    webhook = await added(staff.store)
    await wrote(staff.store, words())
    await opened(staff.store)
    page = await Page.opened(staff)
    await page.presses(f"show:{webhook.id}")
    await staff.store.act(change_webhook, webhook_id=webhook.id, changes={"active": False})
    await page.presses("again")
    assert await staff.store.read(find_violations) == []
    await page.presses(f"show:{webhook.id}")
    assert "Waiting: 0 · given up: 1" in page.text


async def test_a_removed_webhook_shows_why_it_is_off(staff: Staff) -> None:
    webhook = await added(staff.store)
    await wrote(staff.store, words())
    await opened(staff.store)
    await told(staff.store, error="HTTP 410", http_status=410)
    page = await Page.opened(staff)
    await page.presses(f"show:{webhook.id}")
    assert "410" in page.text
    assert page.captions[0] == "▶️ Switch on"
