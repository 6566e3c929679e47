"""What must be said: a plain value that a use case leaves in the outbox."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from holdline.dialogs.audience import Audience
from holdline.dialogs.gate import MessageClass


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One Bot API operation to come. `kind` names the sentence or view (screens/render knows how to say it).

    `class_` says who speaks, `audience` who reads. `key` is unique for ever: the same cause handled twice adds nothing.
    `collapse_key`: while one with it is still queued, another adds nothing (views render the newest state),
    but a sooner `due_at` counts.
    `rank`: 0 people's words, 1 cards, 2 changes of cards, 3 topic names and icons; lower goes first in a chat.
    """

    chat_id: int
    kind: str
    class_: MessageClass
    audience: Audience
    key: str
    payload: dict[str, Any] = field(default_factory=dict)
    customer_id: int | None = None
    dialog_id: int | None = None
    message_id: int | None = None
    place_id: int | None = None
    rank: int = 0
    due_at: datetime | None = None
    expires_at: datetime | None = None
    collapse_key: str | None = None
