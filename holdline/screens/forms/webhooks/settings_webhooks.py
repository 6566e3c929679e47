"""Settings → Webhooks: each with its health, a switch, and a button to resend failed deliveries."""

from holdline.desk.people.time_zones import time_zone_of
from holdline.desk.webhooks.deliveries import send_failed_again
from holdline.desk.webhooks.webhooks import list_webhooks, switch_webhook
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rights import Act
from holdline.dialogs.text.times import moment_text
from holdline.dialogs.verbs import parse_number
from holdline.dialogs.webhooks.address import short_url
from holdline.dialogs.webhooks.webhook import ToolWebhook
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ButtonRows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.store.webhooks import deliveries
from holdline.texts import say

ACT = Act.EDIT_WEBHOOKS


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """`step` is webhooks, or webhooks/12 for one of them."""
    language = manager.language
    chosen = _webhook_of(tx, form)
    if chosen is not None:
        return _one(tx, form, manager, chosen)
    found = list_webhooks(tx)
    rows = [[form.button(_caption(webhook), "show", webhook.id)] for webhook in found]
    rows.append([form.button(say("windows.menu", language), "menu")])
    about = say("webhooks.about" if found else "webhooks.none", language)
    return screen_with_title(say("windows.settings_webhooks", language), about, rows=rows)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    chosen = _webhook_of(tx, form)
    if action == "show":
        form.step = f"webhooks/{parse_number(arg)}"
    elif action == "up" or chosen is None:
        form.step = "webhooks"
    elif action == "switch":
        switch_webhook(tx, manager=manager, webhook_id=chosen.id, active=not chosen.active)
    elif action == "again":
        send_failed_again(tx, manager=manager, webhook_id=chosen.id)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    """Nothing is typed here, because tools add their webhooks by the API."""


def _one(tx: Tx, form: Form, manager: Manager, webhook: ToolWebhook) -> Screen:
    language, zone = manager.language, time_zone_of(tx, manager)
    waiting = deliveries.count(tx, webhook.id, "queued")
    failed = deliveries.count(tx, webhook.id, "failed")
    lines = [
        _state(webhook, language),
        say("webhooks.told", language, events=", ".join(webhook.events)),
        say("webhooks.counts", language, waiting=waiting, failed=failed),
    ]
    health = webhook.health
    if health.last_sent_at is not None:
        lines.append(say("webhooks.last_sent", language, at=moment_text(health.last_sent_at, zone)))
    if health.last_failed_at is not None:
        at = moment_text(health.last_failed_at, zone)
        lines.append(say("webhooks.last_failed", language, at=at, error=health.error or "—"))
    return screen_with_title(
        f"{_sign(webhook)} {short_url(webhook.url)}", *lines, rows=_rows(form, webhook, failed, language)
    )


def _rows(form: Form, webhook: ToolWebhook, failed: int, language: str) -> ButtonRows:
    switch = say("webhooks.switch_off" if webhook.active else "webhooks.switch_on", language)
    rows: ButtonRows = [[form.button(switch, "switch")]]
    if webhook.active and failed:
        rows.append([form.button(say("webhooks.send_again", language, count=failed), "again")])
    return [*rows, [form.button(say("windows.back", language), "up")]]


def _webhook_of(tx: Tx, form: Form) -> ToolWebhook | None:
    """None for the list, or if the webhook was deleted in the meantime."""
    number = form.step.partition("/")[2]
    return next((webhook for webhook in list_webhooks(tx) if str(webhook.id) == number), None)


def _caption(webhook: ToolWebhook) -> str:
    return f"{_sign(webhook)} {short_url(webhook.url)}"


def _sign(webhook: ToolWebhook) -> str:
    if not webhook.active:
        return "⏸"
    return "⚠️" if webhook.health.failing_since_at else "✅"


def _state(webhook: ToolWebhook, language: str) -> str:
    if webhook.active:
        return say("webhooks.failing" if webhook.health.failing_since_at else "webhooks.well", language)
    return say("webhooks.gone" if webhook.off_reason == "gone" else "webhooks.off", language)
