"""What programs do with an Inbox item: leave it aside, or open a dialog from it."""

from typing import Protocol

from holdline.desk.dialogs.inbox_assignment import item_from_row
from holdline.desk.dialogs.inbox_items import ignore_item
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.people.managers import require_permission
from holdline.dialogs.decisions.inbox_items import refuse_if_moved, refuse_unless_new
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.store.delivery import chats
from holdline.store.dialogs import inbox_items
from holdline.store.tx import Row, Tx


class MakeOpening(Protocol):
    """What is opened, once the customer is known."""

    def __call__(self, customer_id: int, *, inbox_item_id: int | None) -> Opening: ...


def ignore_waiting_item(tx: Tx, *, manager: Manager, item_id: int) -> Row:
    """For programs, which are refused where nothing waits any more; the item as it is then."""
    require_permission(tx, manager, "dialog.update")
    item = inbox_items.by_id_with_names(tx, item_id)
    chats.lock_for_customer(tx, item["customer_id"])
    refuse_unless_new(item_from_row(inbox_items.by_id_with_names(tx, item_id)))
    ignore_item(tx, manager=manager, item_id=item_id)
    return inbox_items.by_id_with_names(tx, item_id)


def open_from_item(tx: Tx, *, manager: Manager, item_id: int, make_opening: MakeOpening) -> Dialog:
    """A dialog with the item's customer, which takes it up; refused where it is in a dialog already."""
    item = inbox_items.by_id(tx, item_id)
    chats.lock_for_customer(tx, item["customer_id"])
    refuse_if_moved(item_from_row(inbox_items.by_id_with_names(tx, item_id)))
    opening = make_opening(item["customer_id"], inbox_item_id=item_id)
    return open_dialog(tx, manager=manager, opening=opening)
