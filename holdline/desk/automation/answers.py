"""A rule answers a customer: an automatic message, which keeps nothing from waiting for a person."""

from holdline.desk.notices.message_views import show_in_dialog
from holdline.dialogs.audience import Audience
from holdline.dialogs.decisions.rule import Rule
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.message import Content
from holdline.dialogs.outbox.messages import MessagePart
from holdline.dialogs.outgoing import Outgoing
from holdline.store.conversation import messages
from holdline.store.delivery import outbox
from holdline.store.dialogs import dialogs
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.telegram.parts import parts_needed


def answer_customer(tx: Tx, rule: Rule, customer_id: int, text: str, *, dialog_id: int | None) -> None:
    """In the dialog, or in the general chat; the desk sees it in the dialog's places."""
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
    parts = parts_needed(content, has_header=False)
    outbox.add(
        tx,
        [
            Outgoing(
                to=customer.address,
                item=MessagePart(part, parts),
                class_=MessageClass.SYSTEM,
                audience=Audience.CUSTOMER,
                key=f"message:{message.id}:{part}",
                customer_id=customer_id,
                dialog_id=dialog_id,
                message_id=message.id,
            )
            for part in range(parts)
        ],
    )
    if dialog_id is not None:
        show_in_dialog(tx, message, dialogs.by_id(tx, dialog_id))
