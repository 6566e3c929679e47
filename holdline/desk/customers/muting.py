"""Muted customers: what they write outside dialogs is stored, without a card or a notice."""

from holdline.desk.dialogs.opening import refuse_if_active
from holdline.desk.people.managers import require_permission
from holdline.desk.people.time_zones import time_zone_of
from holdline.desk.record import record
from holdline.dialogs.customer import Customer, Mute
from holdline.dialogs.decisions import muting as rules
from holdline.dialogs.decisions.postponing import Shift, postpone
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act
from holdline.dialogs.text.times import to_rfc3339
from holdline.store.delivery import chats
from holdline.store.people import customers
from holdline.store.tx import Tx


def mute_customer(
    tx: Tx, *, manager: Manager, customer_id: int, reason: str, shift: Shift | None = None
) -> Customer:
    """Mutes the customer for `shift`, counted from now, or until somebody unmutes them; ignores what waits in the
    Inbox. Refused while the customer has an active dialog.
    """
    require_permission(tx, manager, Act.MUTE_CUSTOMER)
    reason = rules.valid_reason(reason)
    until = postpone(None, shift, at=tx.at, zone=time_zone_of(tx, manager)) if shift is not None else None
    customer = _lock(tx, customer_id)
    refuse_if_active(tx, customer.id)
    mute = Mute(at=tx.at, until=until, reason=reason)
    if customer.mute is not None and rules.is_same(customer.mute, mute):
        return customer
    customers.set_mute(tx, customer.id, mute)
    data = {"reason": reason, "until": to_rfc3339(until) if until else None}
    record(tx, [Event(EventKind.CUSTOMER_MUTED, manager.as_actor(), customer.id, text=reason, data=data)])
    return customers.load(tx, customer.id)


def unmute_customer(tx: Tx, *, manager: Manager, customer_id: int) -> Customer:
    """Unmutes the customer; changes nothing if they are not muted."""
    require_permission(tx, manager, Act.MUTE_CUSTOMER)
    customer = _lock(tx, customer_id)
    if customer.mute is None:
        return customer
    customers.set_mute(tx, customer.id, None)
    record(tx, [Event(EventKind.CUSTOMER_UNMUTED, manager.as_actor(), customer.id)])
    return customers.load(tx, customer.id)


def _lock(tx: Tx, customer_id: int) -> Customer:
    customers.load(tx, customer_id)
    chats.lock_for_customer(tx, customer_id)
    return customers.load(tx, customer_id)
