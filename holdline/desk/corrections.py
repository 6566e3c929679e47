"""What managers change about what they said: edits, reactions, removals and undo."""

from datetime import timedelta

from holdline.desk import albums, people
from holdline.desk.copy_changes import edit_copies, record_edit, removal_of
from holdline.desk.incoming import react_elsewhere
from holdline.desk.managers import allow, present
from holdline.desk.replies import refuse_unless_active
from holdline.dialogs.audience import Audience
from holdline.dialogs.corrections import has_only_moved, is_changed
from holdline.dialogs.event import Event
from holdline.dialogs.manager import Manager
from holdline.dialogs.marks import is_for_desk_only, is_other_command
from holdline.dialogs.message import Content, Message
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.store import album_parts, copies, dialogs, history, lanes, messages, outbox
from holdline.store.tx import Tx


def manager_edited(tx: Tx, *, manager: Manager, content: Content) -> bool:
    """The customer's copy follows; the old text stays in history. Whether the message was one of ours."""
    message = _own_original(tx, content.chat_id, content.tg_message_id)
    if message is None or not message.is_written_by_manager(manager.id):
        return False
    allow(tx, manager, "reply.direct")
    if is_for_desk_only(content.text):
        what = "command" if is_other_command(content.text) else "note"
        raise BadInput("message", f"edited_into_{what}")
    if not is_changed(message.content, content):
        return True
    if message.dialog_id is not None:
        dialog = dialogs.locked(tx, message.dialog_id)
        if dialog.state != "active" and has_only_moved(message.content, content):
            return True  # nobody typed that: where the manager goes now is the desk's own
        refuse_unless_active(dialog)
    record_edit(tx, people.by_manager(manager), message, content)
    edit_copies(tx, message, content)
    return True


def manager_reacted(tx: Tx, *, manager: Manager, chat_id: int, tg_message_id: int, emoji: str | None) -> bool:
    """Shown at the customer's own message; the person behind it stays unknown.

    False where nothing follows from it: not one of our messages, no right to speak, or a dialog that is closed.
    """
    here = copies.meant(tx, chat_id, tg_message_id)
    place = {"chat_id": chat_id, "tg_message_id": tg_message_id}
    if (
        here is not None and here["audience"] == Audience.CUSTOMER
    ):  # their own chat, in which they were a customer
        return react_elsewhere(tx, reader=Audience.CUSTOMER, emoji=emoji, **place)
    if here is None or not present(tx, manager).may("reply.direct") or _is_closed(tx, here["dialog_id"]):
        return False
    return react_elsewhere(tx, reader=Audience.DESK, emoji=emoji, **place)


def _is_closed(tx: Tx, dialog_id: int | None) -> bool:
    return dialog_id is not None and dialogs.by_id(tx, dialog_id).state == "closed"


def delete_message(tx: Tx, *, manager: Manager, chat_id: int, tg_message_id: int) -> Message:
    """Takes the customer's copy away; the words stay in history. The reply named must be a manager's."""
    allow(tx, manager, "dialog.update")
    message = _own_original(tx, chat_id, tg_message_id)
    if message is None:
        here = copies.meant(tx, chat_id, tg_message_id)
        message = messages.by_id(tx, here["message_id"]) if here and here["message_id"] else None
    if message is None or message.author_kind != "manager":
        raise BadInput("/delete", "delete_not_ours")
    _refuse_if_closed(tx, message)
    return _taken_back(tx, manager, message, "message_deleted")


def undo_message(tx: Tx, *, manager: Manager, message_id: int) -> Message:
    """Within `desk.undo_seconds` of its delivery; later the way is /delete."""
    allow(tx, manager, "dialog.update")
    message = messages.by_id(tx, message_id)
    if message is None or message.author_kind != "manager":
        raise NotFound("message", message_id)
    _refuse_if_closed(tx, message)
    since = messages.fresh_since(tx, message_id)
    if tx.at - since > timedelta(seconds=tx.rules.undo_seconds + 2):
        raise BadInput("undo", "undo_too_late")
    for part in album_parts.siblings(tx, message):
        _taken_back(tx, manager, part, "message_undone")
    return _taken_back(tx, manager, message, "message_undone")


def _refuse_if_closed(tx: Tx, message: Message) -> None:
    """A closed dialog stays as it is; in a paused one a message can still be taken away."""
    if message.dialog_id is not None and _is_closed(tx, message.dialog_id):
        refuse_unless_active(dialogs.locked(tx, message.dialog_id))


def _taken_back(tx: Tx, manager: Manager, message: Message, kind: str) -> Message:
    lanes.locked_for_customer(tx, message.customer_id)
    messages.set_fields(tx, message.id, deleted_at=tx.at)
    outbox.cancel_message(tx, message.id)
    albums.take_out(tx, message)
    for copy in copies.of_message(tx, message.id):
        if copy["role"] == "copy":
            outbox.add(tx, [removal_of(copy, message)])
    data = {"message_id": message.id}
    event = Event(
        kind,
        people.by_manager(manager),
        message.customer_id,
        message.dialog_id,
        message.content.text,
        data,
    )
    history.add(tx, [event])
    return message


def _own_original(tx: Tx, chat_id: int | None, tg_message_id: int | None) -> Message | None:
    here = copies.find(tx, chat_id or 0, tg_message_id or 0)
    if here is None or here["role"] != "original" or here["message_id"] is None:
        return None
    message = messages.by_id(tx, here["message_id"])
    return message if message is not None and message.author_kind == "manager" else None
