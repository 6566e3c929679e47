"""Deliveries to webhooks: written in the transaction of the event itself."""

import json
import secrets
from typing import Any

from holdline.desk.webhooks.payloads import data_of
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.webhooks.webhook import EventType
from holdline.store.tx import Tx
from holdline.store.webhooks import deliveries, webhooks

_TYPES: dict[EventKind, EventType] = {
    EventKind.OUTBOUND_HELD: "outbound.held",
    EventKind.OUTBOUND_RELEASED: "outbound.released",
    EventKind.OUTBOUND_SENT: "outbound.sent",
    EventKind.OUTBOUND_ENDED: "outbound.ended",
    EventKind.BUTTON_PRESSED: "outbound.pressed",
    EventKind.RATING_ANSWERED: "rating.answered",
    EventKind.DIALOG_OPENED: "dialog.state_changed",
    EventKind.DIALOG_PAUSED: "dialog.state_changed",
    EventKind.DIALOG_RESUMED: "dialog.state_changed",
    EventKind.DIALOG_CLOSED: "dialog.state_changed",
    EventKind.DIALOG_UNMERGED: "dialog.state_changed",
}


def enqueue_deliveries(tx: Tx, event: Event) -> None:
    """Adds a delivery for each webhook that asked for such events."""
    type_ = _TYPES[event.kind]
    listening = [webhook for webhook in webhooks.list_active(tx) if type_ in webhook.events]
    if not listening:
        return
    body = _body(type_, tx, data_of(tx, event))
    for webhook in listening:
        key = f"msg_{secrets.token_hex(12)}"
        deliveries.insert(tx, webhook_id=webhook.id, message_key=key, event_type=type_, body=body)


def _body(type_: EventType, tx: Tx, data: dict[str, Any]) -> str:
    body = {"type": type_, "timestamp": tx.at.isoformat().replace("+00:00", "Z"), "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
