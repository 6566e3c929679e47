"""Who reads a message: the customer, or the desk. Whoever produces a message states it; nothing infers it."""

from enum import StrEnum

from holdline.dialogs.gate import MessageClass


class Audience(StrEnum):
    """Of an item in the outbox, and of a message at Telegram that stands for one of ours."""

    CUSTOMER = "customer"
    DESK = "desk"


def class_of_change(audience: Audience) -> MessageClass:
    """The class of an edit, a removal or a reaction, which no person says: the gate lets both through."""
    return MessageClass.SYSTEM if audience is Audience.CUSTOMER else MessageClass.DESK
