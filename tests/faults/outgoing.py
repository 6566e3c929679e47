"""A reply of a manager as it waits in the outbox."""

from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.outbox.messages import MessagePart
from holdline.dialogs.outgoing import Outgoing


def reply_to(chat_id: int, key: str) -> Outgoing:
    return Outgoing(
        to=Address(chat_id),
        item=MessagePart(),
        class_=MessageClass.MANAGER,
        audience=Audience.CUSTOMER,
        key=key,
    )
