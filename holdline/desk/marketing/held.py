"""Messages held behind a customer's gate: a manager may look at them, send one at once or drop it."""

from typing import Any

from holdline.desk.marketing.admission import decide_admission
from holdline.desk.marketing.outbound import outbound_status
from holdline.desk.marketing.outbound_events import record_outbound
from holdline.desk.notices import views
from holdline.desk.people.managers import require_permission
from holdline.desk.record import record
from holdline.dialogs.decisions import outbound as rules
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.gate import Gate
from holdline.dialogs.manager import Manager
from holdline.dialogs.marketing.admission import Ended
from holdline.dialogs.refusal import NotFound, NotHeld
from holdline.dialogs.rights import Act
from holdline.store.conversation import messages
from holdline.store.delivery import chats, outbound
from holdline.store.dialogs import dialogs
from holdline.store.marketing import held
from holdline.store.people import customers
from holdline.store.tx import Row, Tx


def list_held(tx: Tx, *, customer_id: int, after: int | None, limit: int) -> list[Row]:
    """The held messages in the order in which they would leave; none while the gate is open."""
    customers.load(tx, customer_id)
    return held.of_customer(tx, customer_id, after=after, limit=limit)


def require_held(tx: Tx, *, manager: Manager, outbox_id: int) -> None:
    """Checks before the manager is asked to confirm; raises NotAllowed or NotHeld like the act itself."""
    _parts_waiting(tx, manager, outbox_id)


def send_held(tx: Tx, *, manager: Manager, outbox_id: int) -> Row:
    """Sends the message now, though the dialog goes on and the others wait; refused if the customer wants no offers.
    Returns its status.
    """
    parts = _parts_waiting(tx, manager, outbox_id)
    customer = customers.load(tx, parts[0]["customer_id"])
    rules.refuse_unwilling(customer)
    released = held.send_past_gate(tx, [part["id"] for part in parts])
    verdict = decide_admission(tx, released[0])
    if isinstance(verdict, Ended):  # a postponement does not count: the manager has decided
        raise NotHeld(outbox_id, state=verdict.status)
    _record(tx, EventKind.OUTBOUND_SENT_NOW, manager, released[0])
    record_outbound(tx, EventKind.OUTBOUND_RELEASED, released)
    return outbound_status(tx, outbox_id=outbox_id)


def drop_held(tx: Tx, *, manager: Manager, outbox_id: int) -> Row:
    """Drops the message, so that it is never sent. Returns its status."""
    parts = _parts_waiting(tx, manager, outbox_id)
    dropped = held.drop(tx, [part["id"] for part in parts])
    _record(tx, EventKind.OUTBOUND_DROPPED, manager, dropped[0])
    record_outbound(tx, EventKind.OUTBOUND_ENDED, dropped, status="cancelled", reason=held.DROPPED_BY_HAND)
    return outbound_status(tx, outbox_id=outbox_id)


def refresh_held_count(tx: Tx, event: Event) -> None:
    """Updates the number of held messages on the cards of the dialog that holds the gate."""
    active_id = dialogs.active_id(tx, event.customer_id)
    if active_id is not None:
        views.refresh_cards(tx, dialogs.by_id(tx, active_id), counted=True)


def _parts_waiting(tx: Tx, manager: Manager, outbox_id: int) -> list[Row]:
    """The parts that have not left, under the customer's lock; raises NotHeld if the gate holds none."""
    require_permission(tx, manager, Act.DECIDE_ON_HELD)
    found = outbound.parts_of(tx, outbox_id)
    if not found:
        raise NotFound("outbound message", outbox_id)
    chats.lock_for_customer(tx, found[0]["customer_id"])
    parts = outbound.parts_of(tx, outbox_id)
    state = outbound.combine_parts(parts)["status"]
    if state != Gate.HELD:
        raise NotHeld(outbox_id, state=state)
    return [part for part in parts if part["status"] == Gate.HELD]


def _record(tx: Tx, kind: EventKind, manager: Manager, item: Row) -> None:
    """Records it in the history of the customer and of the dialog that held it."""
    message = messages.by_id(tx, item["message_id"]) if item["message_id"] is not None else None
    data: dict[str, Any] = {
        "outbox_id": outbound.first_part_id(tx, item),
        "message_id": item["message_id"],
        "class": item["class"],
    }
    dialog_id = dialogs.active_id(tx, item["customer_id"])
    text = message.content.text if message else None
    record(tx, [Event(kind, manager.as_actor(), item["customer_id"], dialog_id, text, data)])
