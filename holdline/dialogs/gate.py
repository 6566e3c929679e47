"""The gate: class of message × gate → send, hold or drop, asked for each item in the transaction that starts its call.

The SQL that chooses chats (store/delivery/chats.py) leaves out those whose gate is held, only so as not to read them.
"""

from enum import StrEnum


class MessageClass(StrEnum):
    """What a message is to the gate; `desk` goes to managers and never meets a gate."""

    MANAGER = "manager"
    SYSTEM = "system"
    FUNNEL = "funnel"
    BROADCAST = "broadcast"
    SMART_REPLY = "smart_reply"
    DESK = "desk"


class Gate(StrEnum):
    """Held exactly while the customer has an active dialog."""

    OPEN = "open"
    HELD = "held"


class Passage(StrEnum):
    """What the gate says to a message that wants through."""

    SEND = "send"
    HOLD = "hold"
    DROP = "drop"


MARKETING = frozenset({MessageClass.FUNNEL, MessageClass.BROADCAST, MessageClass.SMART_REPLY})


def is_marketing(class_: str) -> bool:
    """Whether an item of that class is one; a message sent past the gate is in the stream of dialogs all the same."""
    return class_ in MARKETING


_WHILE_HELD = {
    MessageClass.MANAGER: Passage.SEND,
    MessageClass.SYSTEM: Passage.SEND,
    MessageClass.DESK: Passage.SEND,
    MessageClass.FUNNEL: Passage.HOLD,
    MessageClass.BROADCAST: Passage.HOLD,
    MessageClass.SMART_REPLY: Passage.DROP,
}


def passage(class_: MessageClass, gate: Gate) -> Passage:
    """Asked at acceptance and again, under the customer's lock, when a message is marked as being sent."""
    return Passage.SEND if gate is Gate.OPEN else _WHILE_HELD[class_]


def stream_of(class_: MessageClass) -> str:
    """`dialog` goes before `marketing` in every chat."""
    return "marketing" if class_ in MARKETING else "dialog"
