"""A dialog: one named case with one customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from holdline.dialogs.sla.clock import Sla
from holdline.dialogs.text.limits import TOPIC_NAME_LIMIT

FIRST_STAGE, HANDLING_STAGE, REVIEW_STAGE, CLOSED_STAGE = "New", "In handling", "Awaiting review", "Closed"
STAGES = (
    (FIRST_STAGE, "open"),
    (HANDLING_STAGE, "open"),
    (REVIEW_STAGE, "waiting"),
    (CLOSED_STAGE, "resolved"),
)
DEFAULT_TYPES = ("Support", "Refund")
LIST_KINDS = ("types", "reasons", "components", "tags", "stages", "queues", "root_causes")
TITLE_LIMIT = TOPIC_NAME_LIMIT
PRIORITIES = ("low", "normal", "high", "urgent")
CARD_LABELS = ("reasons", "components", "tags")
CARD_FIELDS = ("title", "type", "participants", *CARD_LABELS)
"""The fields that the card and its window can change."""


@dataclass(frozen=True, slots=True)
class Person:
    """A manager as others see them."""

    id: int
    telegram_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Dialog:
    """The whole row with the names from its lists, as cards and the API show it."""

    id: int
    bot_id: int
    customer_id: int
    title: str
    state: str
    type: str
    stage: str
    assignee: Person | None
    participants: tuple[Person, ...] = ()
    reasons: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    automatic_tags: tuple[str, ...] = ()
    """The tags that a rule added, not a manager."""
    root_causes: tuple[str, ...] = ()
    team: str | None = None
    queue: str | None = None
    priority: str = "normal"
    description: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """The desk fields that have a value, by name."""
    due_at: datetime | None = None
    overdue: bool = False
    """Whether it was past due and not closed when it was read."""
    sla_policy_id: int | None = None
    sla_policy_named: bool = False
    """Whether a person chose it. If not, it follows type, priority and queue."""
    sla: Sla | None = None
    outcome: str | None = None
    """success, failure, or None."""
    follow_up_of: int | None = None
    merged_into: int | None = None
    service_rating: int | None = None
    customer_score: int | None = None
    close_reason: str | None = None
    close_comment: str | None = None
    root_cause: str | None = None
    channel: str = "telegram"
    inbox: str = ""
    """The bot or the address at which it arrived."""
    attachments: int = 0
    created_at: datetime = field(kw_only=True)
    changed_at: datetime | None = None
    last_message_at: datetime | None = None
    closed_at: datetime | None = None
    paused_until_at: datetime | None = None
    """When its pause ends automatically."""

    @property
    def sla_policy(self) -> str | None:
        """The name of its SLA policy."""
        return self.sla.policy if self.sla else None

    @property
    def as_object(self) -> dict[str, object]:
        """The dialog as the object of a refusal."""
        return {"type": "dialog", "id": self.id, "title": self.title, "state": self.state}

    def is_handled_by(self, manager_id: int) -> bool:
        """Whether the manager is its assignee or a participant. Nobody else may score the customer (L-56)."""
        return any(p.id == manager_id for p in self.participants) or (
            self.assignee is not None and self.assignee.id == manager_id
        )
