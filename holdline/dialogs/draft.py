"""A draft: a reply to a customer by a manager who may not reply without approval."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from holdline.dialogs.dialog import Person
from holdline.dialogs.message import CAPTIONED, Content, version_of


class DraftState(StrEnum):
    """`returned` to its author for correction; `dropped` because its dialog was closed."""

    WAITING = "waiting"
    RETURNED = "returned"
    SENT = "sent"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class DraftNote:
    """A note from one colleague to another about a draft."""

    id: int
    author: Person
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """`seen_message_id` is the customer's newest message in the dialog at the time of submission, 0 if there is none.

    `cards` are the messages that show the draft, each as its chat and its outbox key. `parts` are the further parts of
    its album.
    """

    id: int
    dialog_id: int
    author: Person
    content: Content
    state: DraftState
    seen_message_id: int
    reason: str | None = None
    decided_by: Person | None = None
    message_id: int | None = None
    cards: tuple[tuple[int, str], ...] = ()
    notes: tuple[DraftNote, ...] = ()
    created_at: datetime | None = None
    parts: tuple[Content, ...] = ()

    @property
    def version(self) -> int:
        """A number that changes with what the customer would get."""
        return version_of([self.content, *self.parts])

    @property
    def takes_text(self) -> bool:
        """Whether its words can be changed. A sticker, a place or a poll has none."""
        return self.content.kind == "text" or self.content.kind in CAPTIONED

    @property
    def is_undecided(self) -> bool:
        """Whether it is neither sent nor dropped, so that its author can still change it."""
        return self.state in (DraftState.WAITING, DraftState.RETURNED)

    @property
    def as_object(self) -> dict[str, object]:
        """The draft as the object of a refusal."""
        return {"type": "draft", "id": self.id, "state": self.state.value, "dialog_id": self.dialog_id}
