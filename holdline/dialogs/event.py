"""One line of history: who did what to whom, never changed afterwards."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """A real person, a named rule, or the system itself: never nobody."""

    kind: str  # manager, customer, rule, system
    name: str
    id: int | None = None
    telegram_id: int | None = None


SYSTEM = Actor(kind="system", name="system")


@dataclass(frozen=True, slots=True)
class Event:
    """`kind` is a past participle with its noun: dialog_opened, message_edited, crossed…"""

    kind: str
    actor: Actor
    customer_id: int
    dialog_id: int | None = None
    text: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
