"""Adding, changing and deleting webhooks. The caller has checked whether the address is allowed."""

import secrets
from typing import Any

from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.rights import Act, require_allowed
from holdline.dialogs.webhooks.address import read_address
from holdline.dialogs.webhooks.signature import SECRET_BYTES, secret_of
from holdline.dialogs.webhooks.webhook import MOST_WEBHOOKS, ToolWebhook, valid_events
from holdline.store.tx import Tx
from holdline.store.webhooks import deliveries, webhooks

SWITCHED_OFF = "the webhook was switched off"


def list_webhooks(tx: Tx) -> list[ToolWebhook]:
    """All webhooks, the oldest first, with their health."""
    return webhooks.list_all(tx)


def add_webhook(tx: Tx, *, url: str, events: list[str], active: bool) -> ToolWebhook:
    """Adds a webhook, which gets events from now on. Its secret is shown only now."""
    if len(webhooks.list_all(tx)) >= MOST_WEBHOOKS:
        raise BadInput("url", "mends.most_webhooks", most=MOST_WEBHOOKS)
    address, wanted = read_address(url), valid_events(events)
    secret = secret_of(secrets.token_bytes(SECRET_BYTES))
    webhook_id = webhooks.insert(tx, url=address.url, events=wanted, secret=secret, active=active)
    return webhooks.load(tx, webhook_id)


def change_webhook(tx: Tx, *, webhook_id: int, changes: dict[str, Any]) -> ToolWebhook:
    """Applies `changes`: url, events, active. Waiting deliveries go to the new address."""
    webhooks.lock_against_events(tx, webhook_id)
    fields: dict[str, Any] = {}
    if "url" in changes:
        fields["url"] = read_address(changes["url"]).url
    if "events" in changes:
        fields["events_json"] = list(valid_events(changes["events"]))
    if fields:
        webhooks.update(tx, webhook_id, **fields)
    if "active" in changes:
        _set_active(tx, webhook_id, active=changes["active"])
    return webhooks.load(tx, webhook_id)


def switch_webhook(tx: Tx, *, manager: Manager, webhook_id: int, active: bool) -> None:
    """Turns the webhook on or off, for a manager."""
    require_allowed(manager, Act.EDIT_WEBHOOKS)
    webhooks.lock_against_events(tx, webhook_id)
    _set_active(tx, webhook_id, active=active)


def delete_webhook(tx: Tx, *, webhook_id: int) -> None:
    """Deletes the webhook, its waiting deliveries and its log."""
    webhooks.lock_against_events(tx, webhook_id)
    webhooks.delete(tx, webhook_id)


def _set_active(tx: Tx, webhook_id: int, *, active: bool) -> None:
    webhooks.update(tx, webhook_id, active=int(active), off_reason=None)
    if active:
        webhooks.mark_well(tx, webhook_id)
    else:
        deliveries.fail_waiting(tx, webhook_id, SWITCHED_OFF)
