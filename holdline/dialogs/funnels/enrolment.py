"""A stored funnel, and one customer's enrolment in it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from holdline.dialogs.funnels.course import FunnelPosition, Phase

EnrolmentState = Literal["running", "done", "left"]
Entrance = Literal["start", "tag", "api", "button", "dialog_closed", "manager"]


@dataclass(frozen=True, slots=True)
class RefusedStep:
    """A step whose message Telegram refused, with Telegram's words."""

    version: int
    address: str
    reason: str


@dataclass(frozen=True, slots=True)
class Funnel:
    """`definition` is the definition of `version` as it was written. `version_id` identifies funnel and version.

    `refused` is set while the funnel is paused because Telegram refused a message.
    """

    id: int
    name: str
    version: int
    version_id: int
    active: bool
    definition: dict[str, Any]
    refused: RefusedStep | None = None

    @property
    def as_object(self) -> dict[str, Any]:
        """The funnel as the object of a refusal."""
        return {"type": "funnel", "id": self.id, "title": self.name}


@dataclass(frozen=True, slots=True)
class Enrolment:
    """`version` is a number. `position` and `phase` are as in course.py; if it is over, its last position.

    `next_at`: when it continues by itself. `sent_at`: when its message was really sent. `kept_press`: the number of
    a button that was pressed while a dialog was active.
    """

    id: int
    funnel_id: int
    version_id: int
    version: int
    customer_id: int
    state: EnrolmentState
    position: str
    phase: Phase
    next_at: datetime | None
    visit: int
    outbox_id: int | None
    sent_at: datetime | None
    entry: str
    created_at: datetime
    ended_at: datetime | None
    kept_press: int | None = None
    goal: str | None = None
    reason: str | None = None
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def is_running(self) -> bool:
        return self.state == "running"

    @property
    def stands_at(self) -> FunnelPosition:
        """The position for the decisions of course.py."""
        return FunnelPosition(self.position, self.phase)
