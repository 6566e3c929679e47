"""How long technical copies are kept; what is kept for ever is not here."""

from dataclasses import dataclass
from datetime import timedelta

UPDATES, QUARANTINE, OUTBOX, MAILS = "updates", "quarantine", "outbox", "mails"
KINDS = (UPDATES, QUARANTINE, OUTBOX, MAILS)


@dataclass(frozen=True, slots=True)
class Retention:
    """Days; 0 keeps that kind for ever."""

    updates_days: int = 7
    quarantine_days: int = 30
    outbox_days: int = 30
    mails_days: int = 30

    def time_of(self, kind: str) -> timedelta | None:
        """None: for ever."""
        days: int = getattr(self, f"{kind}_days")
        return timedelta(days=days) if days else None
