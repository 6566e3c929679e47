"""Holds a customer's gate while they have an active dialog, and opens it afterwards."""

from holdline.dialogs.event import Event
from holdline.dialogs.gate import Gate
from holdline.store.delivery import outbox
from holdline.store.dialogs import dialogs
from holdline.store.people import customers
from holdline.store.tx import Tx


def move_gate(tx: Tx, event: Event) -> None:
    """It is held exactly while there is an active dialog; what was held leaves as soon as it opens."""
    held = dialogs.active_id(tx, event.customer_id) is not None
    customers.set_gate(tx, event.customer_id, Gate.HELD if held else Gate.OPEN)
    if held:
        outbox.drop_smart_replies(tx, event.customer_id)
