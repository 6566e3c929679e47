"""A funnel as the desk keeps it, and one customer's way through it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from holdline.dialogs.funnels.course import FunnelPosition, Phase

EnrolmentState = Literal["running", "done", "left"]
Entrance = Literal["start", "tag", "api", "button", "dialog_closed", "manager"]


@dataclass(frozen=True, slots=True)
class Funnel:
    """`definition` is that of `version`, as it was given; `version_id` names the two together."""

    id: int
    name: str
    version: int
    version_id: int
    active: bool
    definition: dict[str, Any]

    @property
    def as_object(self) -> dict[str, Any]:
        """How a refusal names it."""
        return {"type": "funnel", "id": self.id, "title": self.name}


@dataclass(frozen=True, slots=True)
class Enrolment:
    """`position` and `phase` say where it stands, as in course.py; of one that is over, where it stood.

    `next_at`: when it goes on by itself. `sent_at`: when the message that it says was really sent. `kept_press`: the
    number of the button that was pressed while a dialog was active.
    """

    id: int
    funnel_id: int
    version_id: int
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
        """For the decisions of course.py."""
        return FunnelPosition(self.position, self.phase)
