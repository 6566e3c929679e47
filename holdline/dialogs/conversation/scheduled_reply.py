"""A reply that is written now and sent later."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from holdline.dialogs.dialog import Person
from holdline.dialogs.message import CAPTIONED, Content, Entities, version_of
from holdline.dialogs.refusal import BadInput, DeskError
from holdline.dialogs.text.splitting import truncate

ReplyState = Literal["waiting", "sent", "refused", "cancelled"]
FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class ScheduledReply:
    """`content` has the text; `others` are the other parts of its album. `reason` is the code of the refusal.

    `seen_message_id` is the newest customer message that the author had seen, or None if that is not known.
    `is_held`: it was due before a restore, so it waits until somebody decides.
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
    is_held: bool = False

    @property
    def parts(self) -> list[Content]:
        """All parts, in the order of the album at Telegram."""
        return sorted((self.content, *self.others), key=lambda part: part.tg_message_id or 0)

    @property
    def version(self) -> int:
        """A number that changes with what the customer would get."""
        return version_of(self.parts)

    def refuse_unless_shown(self, version: int | None) -> None:
        """Raises ScheduledReplyChanged if it is not as it was shown with the button."""
        if version is not None and version != self.version:
            raise ScheduledReplyChanged(self)

    @property
    def file_count(self) -> int:
        return sum(part.kind != "text" for part in self.parts)

    def excerpt(self, limit: int) -> str:
        """The text, after 📎 for one file or 📎×3 for three."""
        files = {0: "", 1: "📎"}.get(self.file_count, f"📎×{self.file_count}")
        return f"{files} {truncate(self.content.text, limit)}".strip()

    def content_with(self, text: str, entities: Entities) -> Content:
        """The content with this text. Raises BadInput if its kind has no text or caption."""
        if self.content.kind != "text" and self.content.kind not in CAPTIONED:
            raise BadInput("text", "scheduled.mend_no_words")
        return replace(self.content, text=text, entities=entities)

    @property
    def is_open(self) -> bool:
        """Whether it is neither sent nor cancelled, so that it can still be sent by hand."""
        return self.state in ("waiting", "refused")

    def require_open(self) -> None:
        """Raises NoLongerScheduled if it was already sent or cancelled."""
        if not self.is_open:
            raise NoLongerScheduled(self)


class NoLongerScheduled(DeskError):
    """The reply was already sent or cancelled."""

    def __init__(self, reply: ScheduledReply) -> None:
        obj = {"type": "scheduled reply", "id": reply.id, "state": reply.state}
        super().__init__("wrong_state", obj=obj)
        self._state = reply.state

    @property
    def text_key(self) -> str:
        return f"scheduled.over_{self._state}"


class ScheduledReplyChanged(DeskError):
    """A colleague has changed its words since it was shown."""

    def __init__(self, reply: ScheduledReply) -> None:
        obj = {"type": "scheduled reply", "id": reply.id, "state": reply.state}
        super().__init__("wrong_state", obj=obj, who=reply.author.name)

    @property
    def text_key(self) -> str:
        return "scheduled.changed_since"


def require_later(send_at: datetime, *, now: datetime) -> None:
    """Raises BadInput if the moment has passed or is too far ahead."""
    if send_at <= now:
        raise BadInput("at", "scheduled.mend_past")
    if send_at > now + FURTHEST:
        raise BadInput("at", "scheduled.mend_far", days=FURTHEST.days)


def without_command(parts: Sequence[Content], words: str) -> list[Content]:
    """The parts to send. The first part is the command that scheduled the reply; `words` is its text after the time.

    A copy of that message could show the command, so its file is sent again instead. A live photo cannot be sent
    again, so an album with one is sent part by part, each with its own text.
    """
    speaker = replace(parts[0], text=words, entities=())
    if any(part.data.get("live") for part in parts):
        return [replace(part, album_id=None) for part in (speaker, *parts[1:])]
    if speaker.kind != "text":
        speaker = replace(speaker, data={**speaker.data, "protected": True})
    return [speaker, *parts[1:]]
