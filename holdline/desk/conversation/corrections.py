"""Managers' edits of their messages, and their reactions."""

from holdline.desk.conversation.edits import edit_message
from holdline.desk.conversation.incoming import mirror_reaction
from holdline.desk.conversation.removals import find_manager_message
from holdline.desk.conversation.replies import refuse_account
from holdline.desk.people.managers import require_active
from holdline.dialogs.audience import Audience
from holdline.dialogs.corrections import is_changed
from holdline.dialogs.decisions import corrections as rules
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import NotAllowed
from holdline.dialogs.rights import Act, is_allowed
from holdline.store.conversation import messages
from holdline.store.delivery import telegram_messages
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx


def apply_manager_edit(tx: Tx, *, manager: Manager, content: Content) -> bool:
    """Applies a manager's edit to the customer's copy; history keeps the old text. Returns whether the message was one
    that this manager sent to a customer.
    """
    message = find_manager_message(tx, content.chat_id, content.tg_message_id)
    if message is None or not message.is_written_by_manager(manager.id):
        return False
    # Without the right it was a draft that was approved, or their role has changed since.
    if not is_allowed(require_active(tx, manager), Act.REPLY):
        raise NotAllowed(*Act.REPLY.needs, because="edit_of_sent")
    if messages.is_deleted(tx, message.id):
        rules.refuse_edit_of_removed(message.content, content, message_id=message.id)
        return True
    rules.refuse_words_for_desk(content)
    if not is_changed(message.content, content):
        return True
    refuse_account(tx, manager, content)
    dialog = dialogs.load_locked(tx, message.dialog_id) if message.dialog_id is not None else None
    if rules.is_edit_shown(message.content, content, dialog):
        edit_message(tx, manager.as_actor(), message, content)
    return True


def mirror_manager_reaction(
    tx: Tx, *, manager: Manager, chat_id: int, tg_message_id: int, emoji: str | None
) -> bool:
    """Shows a manager's reaction at the customer's own message, without saying who reacted. Returns False if nothing
    was done: it is not one of our messages, the manager may not reply, or the dialog is closed.
    """
    target = telegram_messages.resolve_target(tx, chat_id, tg_message_id)
    place = {"chat_id": chat_id, "tg_message_id": tg_message_id}
    if (
        target is not None and target["audience"] == Audience.CUSTOMER
    ):  # in their own chat, from when they were a customer
        return mirror_reaction(tx, reader=Audience.CUSTOMER, emoji=emoji, **place)
    if (
        target is None
        or not is_allowed(require_active(tx, manager), Act.REPLY)
        or _is_closed(tx, target["dialog_id"])
    ):
        return False
    return mirror_reaction(tx, reader=Audience.DESK, emoji=emoji, **place)


def _is_closed(tx: Tx, dialog_id: int | None) -> bool:
    return dialog_id is not None and dialogs.by_id(tx, dialog_id).state == "closed"
