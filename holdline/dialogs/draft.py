"""A draft: what somebody who may not reply without approval wants to say to a customer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from holdline.dialogs.dialog import Person
from holdline.dialogs.message import Content


class DraftState(StrEnum):
    """`returned` to its author for correction; `dropped` because its dialog was closed."""

    WAITING = "waiting"
    RETURNED = "returned"
    SENT = "sent"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class DraftNote:
    """What colleagues say to each other about a draft."""

    id: int
    author: Person
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """`seen_message_id`: the customer's newest message in the dialog when it was submitted, 0 for none.

    `cards`: the messages that show it, each as its chat and the key under which it was said.
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

    @property
    def is_undecided(self) -> bool:
        """Neither sent nor dropped: its author can still change it."""
        return self.state in (DraftState.WAITING, DraftState.RETURNED)

    @property
    def as_object(self) -> dict[str, object]:
        """What a refusal points at."""
        return {"type": "draft", "id": self.id, "state": self.state.value, "dialog_id": self.dialog_id}
