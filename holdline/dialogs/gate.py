"""The gate: decides by message class and gate whether to send, hold or drop. It is asked for each item in the
transaction that starts its call.

The SQL that chooses chats (store/delivery/chats.py) also skips chats whose gate is held, but only to avoid reading
them.
"""

from enum import StrEnum


class MessageClass(StrEnum):
    """The class of a message for the gate. `desk` goes to managers and never meets a gate."""

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
    """The gate's decision about a message."""

    SEND = "send"
    HOLD = "hold"
    DROP = "drop"


MARKETING = frozenset({MessageClass.FUNNEL, MessageClass.BROADCAST, MessageClass.SMART_REPLY})


def is_marketing(class_: str) -> bool:
    """Whether the class is marketing. A message sent past the gate still belongs to the dialog stream."""
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
    """The gate's decision. Asked when a message is accepted, and again under the customer's lock when it is marked as
    being sent.
    """
    return Passage.SEND if gate is Gate.OPEN else _WHILE_HELD[class_]


def stream_of(class_: MessageClass) -> str:
    """The stream of the class. In every chat `dialog` is sent before `marketing`."""
    return "marketing" if class_ in MARKETING else "dialog"
