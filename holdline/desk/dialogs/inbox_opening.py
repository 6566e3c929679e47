"""Opens a dialog from an Inbox item, for programs."""

from typing import Protocol

from holdline.desk.dialogs.opening import open_dialog
from holdline.dialogs.decisions.inbox_items import refuse_if_moved
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.store.delivery import chats
from holdline.store.dialogs import inbox_items
from holdline.store.tx import Tx


class MakeOpening(Protocol):
    """Makes the opening, once the customer is known."""

    def __call__(self, customer_id: int, *, inbox_item_id: int | None) -> Opening: ...


def open_from_item(tx: Tx, *, manager: Manager, item_id: int, make_opening: MakeOpening) -> Dialog:
    """Opens a dialog with the item's customer and moves the item into it; refused if it is already in a dialog."""
    item = inbox_items.by_id(tx, item_id)
    chats.lock_for_customer(tx, item["customer_id"])
    refuse_if_moved(inbox_items.load_locked(tx, item_id))
    opening = make_opening(item["customer_id"], inbox_item_id=item_id)
    return open_dialog(tx, manager=manager, opening=opening)
