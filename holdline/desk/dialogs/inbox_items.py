"""Inbox items: answered, ignored, or moved to a dialog."""

from holdline.desk.notices import places, recap
from holdline.desk.people.managers import require_permission
from holdline.desk.record import record
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.store.conversation import conversation
from holdline.store.delivery import chats
from holdline.store.dialogs import dialogs, history, inbox_items
from holdline.store.tx import Row, Tx


def ignore_item(tx: Tx, *, manager: Manager, item_id: int) -> bool:
    """An unwanted run of messages leaves the Inbox; whether it was still new."""
    require_permission(tx, manager, "dialog.update")
    return _set_state(tx, manager, item_id, "ignored", EventKind.INBOX_ITEM_IGNORED)


def put_back_item(tx: Tx, *, manager: Manager, item_id: int) -> bool:
    """What was ignored waits again; False where it was not ignored, or the customer is being looked after already."""
    require_permission(tx, manager, "dialog.update")
    item = inbox_items.by_id(tx, item_id)
    chats.lock_for_customer(tx, item["customer_id"])
    successor = dialogs.active_id(tx, item["customer_id"]) or inbox_items.lock_new(tx, item["customer_id"])
    if successor or not inbox_items.reopen(tx, item_id):
        return False
    _record(tx, manager.as_actor(), item, EventKind.INBOX_ITEM_RETURNED)
    return True


def take_up(tx: Tx, *, actor: Actor, dialog: Dialog, item_id: int | None = None) -> None:
    """The dialog takes up what waits of its customer, and the item it was opened from, whatever became of that."""
    manager_id = actor.id if actor.kind == "manager" else None
    waiting = inbox_items.lock_new(tx, dialog.customer_id)
    chosen = {item_id} if item_id is not None else set()
    for number in sorted(chosen | ({waiting["id"]} if waiting else set())):
        item = inbox_items.by_id(tx, number)
        if item["customer_id"] != dialog.customer_id:
            raise NotFound("inbox item", number)
        if inbox_items.move(tx, number, dialog_id=dialog.id, manager_id=manager_id):
            conversation.take_up_item(tx, item, dialog.id)
            _record(tx, actor, item, EventKind.INBOX_ITEM_MOVED, dialog.id)


def take_up_pause(tx: Tx, event: Event) -> None:
    """What was said in the general chat while a dialog was paused belongs to it again, and its places show it."""
    dialog = dialogs.of_event(tx, event)
    before = conversation.newest_taken_up_id(tx, dialog.id)
    take_up(tx, actor=event.actor, dialog=dialog)
    paused_at = history.last_at(tx, dialog.id, EventKind.DIALOG_PAUSED)
    if paused_at is not None:
        conversation.take_up_since(tx, dialog.customer_id, dialog.id, paused_at)
    messages = conversation.messages_taken_up(tx, dialog.id, after=before)
    for place in places.ensure_for_dialog(tx, dialog) if messages else ():
        recap.show_taken_up(tx, place, dialog, messages)


def mark_answered(tx: Tx, *, manager: Manager, customer_id: int) -> None:
    """Somebody wrote to the customer in the general chat: what waited is answered."""
    waiting = inbox_items.lock_new(tx, customer_id)
    if waiting is not None:
        _set_state(tx, manager, waiting["id"], "answered", EventKind.INBOX_ITEM_ANSWERED)


def _set_state(tx: Tx, manager: Manager, item_id: int, state: str, kind: EventKind) -> bool:
    item = inbox_items.by_id(tx, item_id)
    if not inbox_items.set_state(tx, item_id, state, manager_id=manager.id):
        return False
    _record(tx, manager.as_actor(), item, kind)
    return True


def _record(tx: Tx, actor: Actor, item: Row, kind: EventKind, dialog_id: int | None = None) -> None:
    data = {"inbox_item_id": item["id"], "messages": item["message_count"]}
    record(tx, [Event(kind, actor, item["customer_id"], dialog_id, data=data)])
