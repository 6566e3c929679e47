"""Inbox items: answered, ignored, or moved to a dialog."""

from holdline.desk import people, views
from holdline.desk.managers import allow
from holdline.dialogs.event import Event
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.store import history, inbox_items
from holdline.store.tx import Tx


def ignore_item(tx: Tx, *, manager: Manager, item_id: int) -> bool:
    """An unwanted run of messages leaves the Inbox; whether it was still new."""
    allow(tx, manager, "dialog.update")
    return _settled(tx, manager, item_id, "ignored", None)


def moved(tx: Tx, item_id: int, manager: Manager, dialog_id: int) -> bool:
    """A dialog was opened for it."""
    return _settled(tx, manager, item_id, "moved", dialog_id)


def answered(tx: Tx, *, manager: Manager, customer_id: int) -> None:
    """Somebody wrote to the customer in the general chat: what waited is answered."""
    waiting = inbox_items.waiting(tx, customer_id)
    if waiting is not None:
        _settled(tx, manager, waiting["id"], "answered", None)


def _settled(tx: Tx, manager: Manager, item_id: int, state: str, dialog_id: int | None) -> bool:
    item = inbox_items.by_id(tx, item_id)
    if item["bot_id"] != tx.bot_id:
        raise NotFound("inbox item", item_id)
    if not inbox_items.set_state(tx, item_id, state, handled_by=manager.id, dialog_id=dialog_id):
        return False
    actor = people.by_manager(manager)
    data = {"inbox_item_id": item_id, "messages": item["messages"]}
    history.add(tx, [Event(f"inbox_item_{state}", actor, item["customer_id"], dialog_id, data=data)])
    views.inbox_item_changed(tx, item_id)
    return True
