"""Who reads a message: the customer or the desk. The code that produces a message states it; it is never inferred."""

from enum import StrEnum

from holdline.dialogs.gate import MessageClass


class Audience(StrEnum):
    """The audience of an outbox item, and of a Telegram message that represents one of ours."""

    CUSTOMER = "customer"
    DESK = "desk"


def class_of_change(audience: Audience) -> MessageClass:
    """The class of an edit, a deletion or a reaction. No person sends these, and the gate lets both classes through."""
    return MessageClass.SYSTEM if audience is Audience.CUSTOMER else MessageClass.DESK
