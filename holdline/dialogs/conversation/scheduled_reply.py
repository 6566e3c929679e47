"""A reply that is written now and said later."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from holdline.dialogs.dialog import Person
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput, DeskError

ReplyState = Literal["waiting", "sent", "refused", "cancelled"]
FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class ScheduledReply:
    """`reason` is the code of the refusal.

    `seen_message_id`: the customer's newest message that its author had seen, None where that was not said.
    """

    id: int
    dialog_id: int
    author: Person
    content: Content
    send_at: datetime
    state: ReplyState
    seen_message_id: int | None = None
    reason: str | None = None
    message_id: int | None = None

    @property
    def is_open(self) -> bool:
        """Neither sent nor cancelled: it can still be said by hand."""
        return self.state in ("waiting", "refused")

    def require_open(self) -> None:
        """A second cancelling, and one that comes after the words, change nothing."""
        if not self.is_open:
            raise NoLongerScheduled(self)


class NoLongerScheduled(DeskError):
    """It was sent or cancelled before."""

    def __init__(self, reply: ScheduledReply) -> None:
        obj = {"type": "scheduled reply", "id": reply.id, "state": reply.state}
        super().__init__("wrong_state", obj=obj)
        self._state = reply.state

    @property
    def text_key(self) -> str:
        return f"scheduled.over_{self._state}"


def require_later(send_at: datetime, *, now: datetime) -> None:
    """BadInput for a moment that has passed, and for one that nobody will remember."""
    if send_at <= now:
        raise BadInput("at", "scheduled.mend_past")
    if send_at > now + FURTHEST:
        raise BadInput("at", "scheduled.mend_far", days=FURTHEST.days)
