"""A reply that is written now and said later."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from holdline.dialogs.dialog import Person
from holdline.dialogs.message import CAPTIONED, Content, Entities
from holdline.dialogs.refusal import BadInput, DeskError
from holdline.dialogs.text.splitting import truncate

ReplyState = Literal["waiting", "sent", "refused", "cancelled"]
FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class ScheduledReply:
    """`content` has the words; `others` are the other parts of its album. `reason` is the code of the refusal.

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
    others: tuple[Content, ...] = ()

    @property
    def parts(self) -> list[Content]:
        """All of it, as an album stood at Telegram."""
        return sorted((self.content, *self.others), key=lambda part: part.tg_message_id or 0)

    @property
    def file_count(self) -> int:
        return sum(part.kind != "text" for part in self.parts)

    def excerpt(self, limit: int) -> str:
        """Its words, and before them 📎 for a file, 📎×3 for three."""
        files = {0: "", 1: "📎"}.get(self.file_count, f"📎×{self.file_count}")
        return f"{files} {truncate(self.content.text, limit)}".strip()

    def content_with(self, text: str, entities: Entities) -> Content:
        """BadInput where its kind carries no words."""
        if self.content.kind != "text" and self.content.kind not in CAPTIONED:
            raise BadInput("text", "scheduled.mend_no_words")
        return replace(self.content, text=text, entities=entities)

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


def without_command(parts: Sequence[Content], words: str) -> list[Content]:
    """The parts as they shall be said; the first is the command that planned them, and `words` follow its moment.

    A copy of that message could show the command, so its file is sent anew. A live photo cannot be: an album with one
    goes part by part, each with its own words.
    """
    speaker = replace(parts[0], text=words, entities=())
    if any(part.data.get("live") for part in parts):
        return [replace(part, album_id=None) for part in (speaker, *parts[1:])]
    if speaker.kind != "text":
        speaker = replace(speaker, data={**speaker.data, "protected": True})
    return [speaker, *parts[1:]]
