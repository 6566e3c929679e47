"""Sends an administrator what is stored about a customer."""

from holdline.desk.people.managers import require_permission
from holdline.desk.record import record
from holdline.dialogs.address import Address
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.outbox.privacy import CustomerExport
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.rights import Act
from holdline.store.delivery import chats, outbox
from holdline.store.people import customers
from holdline.store.tx import Tx


def send_export(tx: Tx, *, manager: Manager, customer_id: int, key: str, with_notes: bool) -> None:
    """Queues the file for the manager's own chat, once per `key`; it is made when it is sent. History names who asked,
    because the file leaves the desk.
    """
    require_permission(tx, manager, Act.HANDLE_PERSONAL_DATA)
    customers.load(tx, customer_id)
    chats.lock_for_customer(tx, customer_id)
    file = CustomerExport(customer_id, with_notes)
    outbox.add(tx, [Outgoing(Address(manager.telegram_id, None), file, f"customer_export:{key}")])
    data = {"notes": with_notes}
    record(tx, [Event(EventKind.CUSTOMER_EXPORTED, manager.as_actor(), customer_id, data=data)])
