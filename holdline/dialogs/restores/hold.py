"""The hold after a restore: what waited in the backup may have been sent since, so a person decides about it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class HeldKind(StrEnum):
    """What waits, by the question that a person can answer for it."""

    REPLIES = "replies"
    """Messages of managers to customers, scheduled ones that were due included, and their corrections."""
    SYSTEM = "system"
    """What the desk itself says to customers: confirmations, rating forms."""
    MARKETING = "marketing"
    """Messages through the gate, steps of funnels that were due, broadcasts that had started."""
    DESK = "desk"
    """Cards, copies and notices for managers."""
    UPDATES = "updates"
    """What customers and managers had said and nobody had handled yet."""
    MAILS = "mails"
    WEBHOOKS = "webhooks"
    BULK = "bulk"
    """The rest of changes of many dialogs at once."""


class Verdict(StrEnum):
    """Release: it continues as if there had been no restore. Discard: it ends as cancelled and is never sent."""

    RELEASE = "release"
    DISCARD = "discard"


@dataclass(frozen=True, slots=True)
class Hold:
    """`counts` are the rows that nobody has decided about; `deciding` those that are being released or discarded."""

    backup_at: datetime
    restored_at: datetime
    counts: dict[HeldKind, int] = field(default_factory=dict)
    deciding: int = 0

    @property
    def total(self) -> int:
        return sum(self.counts.values())
