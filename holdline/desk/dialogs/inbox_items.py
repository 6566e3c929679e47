"""Inbox items: answered, ignored, or moved to a dialog."""

from holdline.desk.notices import places, recap
from holdline.desk.people.managers import require_permission
from holdline.desk.record import record
from holdline.dialogs.decisions import inbox_items as rules
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act
from holdline.store.conversation import conversation
from holdline.store.delivery import chats
from holdline.store.dialogs import dialogs, history, inbox_items
from holdline.store.tx import Row, Tx


def ignore_item(tx: Tx, *, manager: Manager, item_id: int) -> bool:
    """Takes an unwanted item out of the Inbox; returns whether it was still new."""
    require_permission(tx, manager, Act.HANDLE_INBOX_ITEM)
    return _carry_out(tx, rules.ignore(inbox_items.load_locked(tx, item_id), by=manager.as_actor()))


def ignore_waiting_item(tx: Tx, *, manager: Manager, item_id: int) -> Row:
    """The same for programs: refused if the item does not wait any longer. Returns the item as it is then."""
    require_permission(tx, manager, Act.HANDLE_INBOX_ITEM)
    chats.lock_for_customer(tx, inbox_items.by_id(tx, item_id)["customer_id"])
    item = inbox_items.load_locked(tx, item_id)
    rules.refuse_unless_new(item)
    _carry_out(tx, rules.ignore(item, by=manager.as_actor()))
    return inbox_items.by_id_with_names(tx, item_id)


def put_back_item(tx: Tx, *, manager: Manager, item_id: int) -> bool:
    """Makes an ignored item wait again. Returns False if it was not ignored, or the customer is already being looked
    after.
    """
    require_permission(tx, manager, Act.HANDLE_INBOX_ITEM)
    customer_id = inbox_items.by_id(tx, item_id)["customer_id"]
    chats.lock_for_customer(tx, customer_id)
    decision = rules.put_back(
        inbox_items.load_locked(tx, item_id),
        by=manager.as_actor(),
        active_dialog_id=dialogs.active_id(tx, customer_id),
        waiting=inbox_items.lock_new(tx, customer_id),
    )
    return _carry_out(tx, decision)


def take_up(tx: Tx, *, actor: Actor, dialog: Dialog, item_id: int | None = None) -> None:
    """Moves into the dialog the customer's waiting item and the item that it was opened from, whatever state that is
    in.
    """
    waiting = inbox_items.lock_new(tx, dialog.customer_id)
    chosen = {item_id} if item_id is not None else set()
    for number in sorted(chosen | ({waiting.id} if waiting else set())):
        item = inbox_items.load_locked(tx, number)
        decision = rules.move(item, dialog, by=actor)
        if decision is not None:
            inbox_items.save(tx, decision.item)
            conversation.take_up_item(tx, item, dialog.id)
            record(tx, [decision.event])


def take_up_pause(tx: Tx, event: Event) -> None:
    """Moves into the dialog what was said in the general chat while it was paused, and shows it in its places."""
    dialog = dialogs.of_event(tx, event)
    before = conversation.newest_taken_up_id(tx, dialog.id)
    take_up(tx, actor=event.actor, dialog=dialog)
    paused_at = history.last_at(tx, dialog.id, EventKind.DIALOG_PAUSED)
    if paused_at is not None:
        conversation.take_up_since(tx, dialog.customer_id, dialog.id, paused_at)
    messages = conversation.messages_taken_up(tx, dialog.id, after=before)
    for place in places.ensure_for_dialog(tx, dialog) if messages else ():
        recap.show_taken_up(tx, place, dialog, messages)


def ignore_item_of_muted(tx: Tx, event: Event) -> None:
    """Ignores the waiting Inbox item of a customer who was muted."""
    waiting = inbox_items.lock_new(tx, event.customer_id)
    if waiting is not None:
        _carry_out(tx, rules.ignore(waiting, by=event.actor))


def mark_answered_automatically(
    tx: Tx, *, item_id: int, customer_id: int, message_id: int, by: Actor
) -> None:
    """Marks the item as answered if it still waits and that message is all it contains: its customer said that an
    automatic answer was enough.
    """
    waiting = inbox_items.lock_new(tx, customer_id)
    is_only = waiting is not None and (waiting.message_count, waiting.first_message_id) == (1, message_id)
    if waiting is not None and waiting.id == item_id and is_only:
        _carry_out(tx, rules.answer(waiting, by=by))


def mark_answered(tx: Tx, *, manager: Manager, customer_id: int) -> None:
    """Marks the waiting item as answered, because somebody wrote to the customer in the general chat."""
    waiting = inbox_items.lock_new(tx, customer_id)
    if waiting is not None:
        _carry_out(tx, rules.answer(waiting, by=manager.as_actor()))


def _carry_out(tx: Tx, decision: rules.ItemDecision | None) -> bool:
    """Stores and records the decision; returns whether there was one."""
    if decision is None:
        return False
    inbox_items.save(tx, decision.item)
    record(tx, [decision.event])
    return True
