"""The name, scopes and limits of an API key."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.limits import NAME_LIMIT, fits

SCOPES = ("send", "read", "desk", "admin")
DEFAULT_SCOPES = ("send", "read", "desk")

MOST_PER_WINDOW = 10_000_000


@dataclass(frozen=True, slots=True)
class KeyLimits:
    """How many messages a key may send through the gate per minute and per day (UTC). None means no limit."""

    per_minute: int | None = None
    per_day: int | None = None

    def windows(self, at: datetime) -> list[tuple[str, int, datetime, datetime]]:
        """The limits that are set: span, maximum, and the start and end of the current window."""
        minute, day = (
            at.replace(second=0, microsecond=0),
            at.replace(hour=0, minute=0, second=0, microsecond=0),
        )
        spans = (
            ("minute", self.per_minute, minute, minute + timedelta(minutes=1)),
            ("day", self.per_day, day, day + timedelta(days=1)),
        )
        return [(span, most, begins, ends) for span, most, begins, ends in spans if most is not None]


NO_LIMITS = KeyLimits()


def valid_limits(per_minute: int | None, per_day: int | None) -> KeyLimits:
    """Raises BadInput unless both are None or whole numbers from 1."""
    for field, most in (("per-minute", per_minute), ("per-day", per_day)):
        if most is not None and not 1 <= most <= MOST_PER_WINDOW:
            raise BadInput(field, f"it must be a whole number from 1 to {MOST_PER_WINDOW}.")
    return KeyLimits(per_minute, per_day)


def valid_key_name(name: str) -> str:
    called = name.strip()
    if not called or not fits(called, NAME_LIMIT):
        raise BadInput("name", f"it must have 1 to {NAME_LIMIT} characters.")
    return called


def valid_scopes(scopes: Iterable[str]) -> list[str]:
    """The scopes without duplicates; at least one."""
    wanted = list(dict.fromkeys(scopes))
    if not wanted or not set(wanted) <= set(SCOPES):
        raise BadInput("scope", "mends.one_of", choices=", ".join(SCOPES))
    return wanted
