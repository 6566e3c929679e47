"""Takes a manager's message back from the customer: by /delete, or by Undo soon after it was sent. History keeps the
words.
"""

from datetime import datetime
from typing import Any

from holdline.desk.notices import albums
from holdline.desk.notices.copy_edits import removal_item
from holdline.desk.people.managers import manager_name, require_active
from holdline.desk.record import record
from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.decisions import corrections as rules
from holdline.dialogs.decisions.conversation import refuse_unless_active
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Message
from holdline.dialogs.outbox.messages import DeskNotice
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.rights import require_may_take_back
from holdline.store.conversation import messages, notes
from holdline.store.delivery import album_parts, chats, message_progress, outbox, telegram_messages
from holdline.store.dialogs import dialogs, history
from holdline.store.tx import Tx


def delete_message(tx: Tx, *, manager: Manager, chat_id: int, tg_message_id: int) -> rules.Removal:
    """Deletes a manager's message at the customer and returns what happens to the customer's copy."""
    message = find_manager_message(tx, chat_id, tg_message_id)
    if message is None:
        target = telegram_messages.resolve_target(tx, chat_id, tg_message_id)
        message = messages.by_id(tx, target["message_id"]) if target and target["message_id"] else None
    if message is None or message.author_kind != "manager":
        is_note = notes.find_by_message(tx, chat_id, tg_message_id) is not None
        raise BadInput("/delete", "delete_note" if is_note else "delete_not_ours")
    require_may_take_back(message.manager_id, by=require_active(tx, manager))
    _refuse_if_closed(tx, message)
    return _take_back(tx, manager, message, EventKind.MESSAGE_DELETED)


def undo_message(tx: Tx, *, manager: Manager, message_id: int) -> rules.Removal:
    """Takes the message back within `desk.undo_seconds` of its delivery; later only /delete works."""
    message = messages.by_id(tx, message_id)
    if message is None or message.author_kind != "manager":
        raise NotFound("message", message_id)
    require_may_take_back(message.manager_id, by=require_active(tx, manager))
    _refuse_if_closed(tx, message)
    since = messages.effective_at(tx, message_id)
    rules.refuse_late_undo(since=since, at=tx.at, undo_seconds=tx.rules.undo_seconds)
    for part in album_parts.siblings(tx, message):
        _take_back(tx, manager, part, EventKind.MESSAGE_UNDONE)
    return _take_back(tx, manager, message, EventKind.MESSAGE_UNDONE)


def name_of_remover(tx: Tx, *, message_id: int) -> str | None:
    """The name of the first manager who took the message back."""
    message = messages.by_id(tx, message_id)
    return history.deleter_name(tx, message) if message is not None else None


def find_manager_message(tx: Tx, chat_id: int | None, tg_message_id: int | None) -> Message | None:
    """The message that a manager wrote there, or None."""
    original = telegram_messages.find(tx, chat_id or 0, tg_message_id or 0)
    if original is None or original["role"] != "original" or original["message_id"] is None:
        return None
    message = messages.by_id(tx, original["message_id"])
    return message if message is not None and message.author_kind == "manager" else None


def _refuse_if_closed(tx: Tx, message: Message) -> None:
    """Refuses if the dialog is closed; in a paused one a message can still be taken back."""
    if message.dialog_id is not None and dialogs.by_id(tx, message.dialog_id).state == "closed":
        refuse_unless_active(dialogs.load_locked(tx, message.dialog_id))


def _take_back(tx: Tx, manager: Manager, message: Message, kind: EventKind) -> rules.Removal:
    chats.lock_for_customer(tx, message.customer_id)
    removal = _removal(tx, message)
    if messages.is_deleted(tx, message.id):
        return removal
    messages.set_fields(tx, message.id, deleted_at=tx.at)
    outbox.cancel_message(tx, message.id)
    albums.remove_part(tx, message)
    _record(tx, manager, message, kind)
    return removal


def remove_copies(tx: Tx, event: Event) -> None:
    """Deletes all copies of the message."""
    message = _message_of(event)
    for copy in telegram_messages.of_message(tx, message.id):
        if copy["role"] == "copy":
            about = {"message_id": message.id, "dialog_id": message.dialog_id}
            outbox.add(tx, [removal_item(copy, copy["tg_message_id"], **about)])


def _removal(tx: Tx, message: Message) -> rules.Removal:
    """What happens to the copy, given what the customer has and what is in flight to them."""
    arrived_at = _arrival_time(tx, message)
    leaving = message_progress.is_message_in_flight(tx, message)
    if not messages.is_deleted(tx, message.id):
        unconfirmed = message_progress.is_unconfirmed(tx, message)
        return rules.first_removal(
            at=tx.at, arrived_at=arrived_at, is_leaving=leaving, is_unconfirmed=unconfirmed
        )
    leaving = leaving or message_progress.is_deletion_queued(tx, message.id)
    return rules.later_removal(has_copy=arrived_at is not None, is_leaving=leaving)


def _arrival_time(tx: Tx, message: Message) -> datetime | None:
    copies = [copy for copy in telegram_messages.of_message(tx, message.id) if copy["role"] == "copy"]
    return min((each["created_at"] for each in copies if each["audience"] == Audience.CUSTOMER), default=None)


def _record(tx: Tx, manager: Manager, message: Message, kind: EventKind) -> None:
    data: dict[str, Any] = {"message_id": message.id}
    if message.manager_id is not None and message.manager_id != manager.id:
        data["written_by"] = manager_name(tx, message.manager_id)
    actor = manager.as_actor()
    words = message.content.text
    event = Event(kind, actor, message.customer_id, message.dialog_id, words, data, message=message)
    record(tx, [event])


def notify_writer_of_removal(tx: Tx, event: Event) -> None:
    """Notifies the author, at their own message, that somebody else took it back. For an undone album, only at its
    first part.
    """
    message = _message_of(event)
    content, is_part = message.content, event.kind is EventKind.MESSAGE_UNDONE
    if event.actor.id == message.manager_id or content.chat_id is None or content.tg_message_id is None:
        return
    if is_part and not album_parts.is_first(tx, message.id, content.album_id):
        return
    notice = DeskNotice(
        "desk_notices.taken_back_by",
        {"who": event.actor.name},
        reply_to_tg_id=content.tg_message_id,
    )
    outbox.add(
        tx,
        [
            Outgoing(
                to=Address(content.chat_id, content.thread_id),
                item=notice,
                key=f"taken_back:{message.id}",
                dialog_id=message.dialog_id,
            )
        ],
    )


def _message_of(event: Event) -> Message:
    assert event.message is not None
    return event.message
