"""The data that webhooks get, as JSON values: messages and dialogs as the API shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from holdline.desk.marketing.outbound import outbound_status
from holdline.dialogs.dialog import Dialog, Person
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.marketing.customer_days import DAY_REASONS
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.sla.clock import Sla
from holdline.store.dialogs import dialogs
from holdline.store.people import customers
from holdline.store.tx import Row, Tx

_OF_DIALOG = (
    "id", "customer_id", "title", "state", "stage", "type", "reasons", "components", "tags", "root_causes", "team",
    "queue", "priority", "description", "fields", "due_at", "overdue", "outcome", "follow_up_of", "merged_into",
    "service_rating", "customer_score", "close_reason", "close_comment", "root_cause", "channel", "inbox",
    "attachments", "created_at", "changed_at", "last_message_at", "closed_at",
)  # fmt: skip
_MOVES = {
    EventKind.DIALOG_OPENED: (None, "active"),
    EventKind.DIALOG_PAUSED: ("active", "paused"),
    EventKind.DIALOG_RESUMED: ("paused", "active"),
    EventKind.DIALOG_CLOSED: ("active", "closed"),
    EventKind.DIALOG_UNMERGED: ("closed", "paused"),
}


def data_of(tx: Tx, event: Event) -> dict[str, Any]:
    """The value of `data`, as things are in the transaction of the event."""
    if event.kind is EventKind.RATING_ANSWERED:
        return {"dialog_id": event.dialog_id, "service_rating": event.data["value"]}
    if event.kind in _MOVES:
        return _move(tx, event)
    pressed = {"pressed": event.data["data"]} if event.kind is EventKind.BUTTON_PRESSED else {}
    return _message(tx, event) | pressed


def _message_values(tx: Tx, event: Event) -> dict[str, Any]:
    """The message's values, or only the values of the event if it was not sent as marketing."""
    try:
        return outbound_values(outbound_status(tx, outbox_id=event.data["outbox_id"]))
    except NotFound:
        status = event.data.get("status") or event.kind.removeprefix("outbound_")
        return {"id": event.data["outbox_id"], "status": status}


def _move(tx: Tx, event: Event) -> dict[str, Any]:
    before, after = _MOVES[event.kind]
    if event.before is not None:
        before = event.before.state
    return {"dialog": _dialog(dialogs.of_event(tx, event)), "from": before, "to": after}


def _message(tx: Tx, event: Event) -> dict[str, Any]:
    customer = customers.of_event(tx, event)
    about = {"id": customer.id, "telegram_id": customer.telegram_id, "name": customer.name}
    return _message_values(tx, event) | {"customer": about}


def outbound_values(row: Row) -> dict[str, Any]:
    """The values as `GET /outbound/{id}` shows them."""
    sent = row["status"] == "sent"
    waits_for = row["waits_for"] if row["status"] == "queued" and row["waits_for"] in DAY_REASONS else None
    return {
        "id": row["id"],
        "status": row["status"],
        "class": row["class"],
        "customer": {"id": row["customer_id"], "telegram_id": row["telegram_id"], "name": row["name"]},
        "kind": row["kind"],
        "text": row["text"],
        "topic": row["marketing_topic"],
        "created_at": _json(row["created_at"]),
        "expires_at": _json(row["expires_at"]),
        "sent_at": _json(row["settled_at"] if sent else None),
        "telegram_message_id": row["tg_message_id"],
        "reason": None if sent and not row["buttons_left_out"] else row["error"],
        "waits_for": waits_for,
        "buttons_left_out": row["buttons_left_out"],
        **{name: row[name] for name in ("api_key_id", "broadcast_id", "enrolment_id")},
        "presses": [{"data": press["data"], "at": _json(press["created_at"])} for press in row["presses"]],
    }


def _dialog(dialog: Dialog) -> dict[str, Any]:
    return {name: _json(getattr(dialog, name)) for name in _OF_DIALOG} | {
        "assignee": _person(dialog.assignee) if dialog.assignee else None,
        "participants": [_person(one) for one in dialog.participants],
        "sla": _sla(dialog.sla) if dialog.sla else None,
    }


def _person(person: Person) -> dict[str, Any]:
    return {"telegram_id": person.telegram_id, "name": person.name}


def _sla(sla: Sla) -> dict[str, Any]:
    clocks = [{"name": one.name, "state": one.state, "due_at": _json(one.due_at)} for one in sla.clocks]
    return {"policy": sla.policy, "clocks": clocks}


def _json(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat().replace("+00:00", "Z")
        case Mapping():
            return {name: _json(inner) for name, inner in value.items()}
        case tuple() | list():
            return [_json(inner) for inner in value]
        case _:
            return value
