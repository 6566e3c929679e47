"""Sends a message again that its customer could not receive."""

from holdline.desk.dialogs.opening import refuse_if_active
from holdline.desk.notices.message_views import show_in_dialog
from holdline.desk.people.managers import require_permission
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Message
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.rights import Act
from holdline.store.conversation import messages
from holdline.store.delivery import chats, outbox, parked_messages
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx


def resend_message(tx: Tx, *, manager: Manager, item_id: int, into: int | None = None) -> bool:
    """Sends it in its own dialog if that is active, otherwise outside any dialog. While another dialog is active, sends
    it only `into` that one, which somebody has to choose. Returns False if somebody has sent it again already.
    """
    require_permission(tx, manager, Act.REPLY)
    item = parked_messages.find_item(tx, item_id)
    if item is None:
        return False
    message = messages.by_id(tx, item["message_id"]) if item["message_id"] is not None else None
    if message is None:
        raise NotFound("message", item_id)
    chats.lock_for_customer(tx, message.customer_id)
    active = dialogs.active_of(tx, message.customer_id)
    if active is not None and active.id not in (message.dialog_id, into):
        refuse_if_active(tx, message.customer_id)
    dialog_id = active.id if active is not None else None
    for number in outbox.message_ids_of(tx, item):
        _follow(tx, number, active)
        messages.set_fields(tx, number, status="queued")
    return parked_messages.requeue(tx, item, dialog_id=dialog_id)


def _follow(tx: Tx, message_id: int, active: Dialog | None) -> None:
    """Moves the message to the dialog in which it is now sent; another dialog shows it like its own replies."""
    message = messages.by_id(tx, message_id)
    now = active.id if active is not None else None
    if message is None or message.dialog_id == now:
        return
    messages.set_fields(tx, message_id, dialog_id=now, dialog_chosen=1)
    if active is not None:
        _show(tx, message, active)


def _show(tx: Tx, message: Message, dialog: Dialog) -> None:
    content = message.content
    written_in = (content.chat_id, content.thread_id) if content.chat_id is not None else None
    show_in_dialog(tx, message, dialog, written_in=written_in)
