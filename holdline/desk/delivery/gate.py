"""Holds a customer's gate while they have an active dialog, and opens it afterwards."""

from holdline.desk.marketing.ending import drop_smart_replies
from holdline.desk.marketing.outbound_events import record_outbound
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.gate import Gate
from holdline.store.delivery import outbound
from holdline.store.dialogs import dialogs
from holdline.store.marketing import held as held_messages
from holdline.store.people import customers
from holdline.store.tx import Tx


def move_gate(tx: Tx, event: Event) -> None:
    """Holds the gate exactly while there is an active dialog; held messages leave as soon as it opens."""
    held = dialogs.active_id(tx, event.customer_id) is not None
    flipped = customers.set_gate(tx, event.customer_id, Gate.HELD if held else Gate.OPEN)
    if held:
        drop_smart_replies(tx, event.customer_id)
    if flipped and held:
        held_messages.put_back(tx, event.customer_id)  # a manager's “send now” was about the former hold
    if flipped:
        kind = EventKind.OUTBOUND_HELD if held else EventKind.OUTBOUND_RELEASED
        record_outbound(tx, kind, outbound.list_waiting(tx, event.customer_id))
