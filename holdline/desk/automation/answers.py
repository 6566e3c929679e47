"""A rule's answer to a customer: an automatic message. The customer still waits for a person."""

from holdline.desk.conversation.replies import enqueue_message
from holdline.desk.notices.message_views import show_in_dialog
from holdline.dialogs.decisions.rule import Rule
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.message import Content
from holdline.store.conversation import messages
from holdline.store.dialogs import dialogs
from holdline.store.people import customers
from holdline.store.tx import Tx


def answer_customer(tx: Tx, rule: Rule, customer_id: int, text: str, *, dialog_id: int | None) -> None:
    """Sends it in the dialog, or in the general chat; the desk sees it in the dialog's places."""
    customer = customers.load(tx, customer_id)
    content = Content(kind="text", text=text, data={"rule": rule.name})
    fields = {
        "customer_id": customer_id,
        "dialog_id": dialog_id,
        "direction": "out",
        "class_": MessageClass.SYSTEM.value,
        "author_kind": "rule",
        "status": "queued",
    }
    message = messages.insert(tx, fields, content)
    enqueue_message(tx, customer, message)
    if dialog_id is not None:
        show_in_dialog(tx, message, dialogs.by_id(tx, dialog_id))
