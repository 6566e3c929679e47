"""A webhook, a delivery of an event to it, and when a delivery is retried."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, get_args

from holdline.dialogs.refusal import BadInput

EventType = Literal[
    "outbound.held",
    "outbound.released",
    "outbound.sent",
    "outbound.ended",
    "outbound.pressed",
    "rating.answered",
    "dialog.state_changed",
]
EVENT_TYPES: tuple[EventType, ...] = get_args(EventType)
MOST_WEBHOOKS = 20
ERROR_LIMIT = 200
"""The most characters kept of an address's answer."""
GONE = 410
"""HTTP status: the address will never accept anything again."""

_PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 30, 120, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 86_400)
)
LONGEST_PAUSE = max(_PAUSES)
_JITTER = 0.2


@dataclass(frozen=True, slots=True)
class WebhookHealth:
    """`failing_since_at`: the first failure since the last success. `error`: the most recent error."""

    failing_since_at: datetime | None = None
    last_sent_at: datetime | None = None
    last_failed_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ToolWebhook:
    """`off_reason`: why it is off, if nobody switched it off by hand."""

    id: int
    url: str
    events: tuple[str, ...]
    secret: str = field(repr=False)
    active: bool
    off_reason: str | None
    created_at: datetime
    health: WebhookHealth = WebhookHealth()  # a frozen value


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way to one webhook. `attempts` includes the current one."""

    id: int
    webhook_id: int
    message_key: str
    url: str
    secret: str = field(repr=False)
    body: str
    attempts: int


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """`error` is empty if the address accepted it."""

    http_status: int | None = None
    error: str = ""


def valid_events(events: Iterable[str]) -> tuple[str, ...]:
    """The events without duplicates, in our order; at least one."""
    wanted = set(events)
    if not wanted or not wanted <= set(EVENT_TYPES):
        raise BadInput("events", "mends.one_of", choices=", ".join(EVENT_TYPES))
    return tuple(type_ for type_ in EVENT_TYPES if type_ in wanted)


def pause_after(attempts: int, *, chance: float) -> timedelta | None:
    """The wait before the next attempt after this many failures; None means no further attempt. `chance` (0 to 1)
    spreads deliveries that failed at the same moment.
    """
    return _PAUSES[attempts - 1] * (1 + _JITTER * chance) if attempts <= len(_PAUSES) else None
