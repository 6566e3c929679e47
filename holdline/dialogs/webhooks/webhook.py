"""A webhook, one telling of an event, and when it is told again."""

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
"""Of what an address answers nothing more is kept."""
GONE = 410
"""HTTP: the address will never take anything again."""

_PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 30, 120, 600, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 86_400)
)
LONGEST_PAUSE = max(_PAUSES)
_JITTER = 0.2


@dataclass(frozen=True, slots=True)
class WebhookHealth:
    """`failing_since_at`: of the first try in vain after the last that was taken; `error`: the last one."""

    failing_since_at: datetime | None = None
    last_sent_at: datetime | None = None
    last_failed_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ToolWebhook:
    """`off_reason`: why it is off where nobody switched it off."""

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
    """One event on its way to one webhook; `attempts` counts the one that is being made."""

    id: int
    webhook_id: int
    message_key: str
    url: str
    secret: str = field(repr=False)
    body: str
    attempts: int


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """`error` is empty where the address took it."""

    http_status: int | None = None
    error: str = ""


def valid_events(events: Iterable[str]) -> tuple[str, ...]:
    """Each once, in our order, and at least one."""
    wanted = set(events)
    if not wanted or not wanted <= set(EVENT_TYPES):
        raise BadInput("events", "mends.one_of", choices=", ".join(EVENT_TYPES))
    return tuple(type_ for type_ in EVENT_TYPES if type_ in wanted)


def pause_after(attempts: int, *, chance: float) -> timedelta | None:
    """How long one waits after so many tries in vain; None: no longer. `chance` (0 to 1) spreads those that failed at
    the same moment."""
    return _PAUSES[attempts - 1] * (1 + _JITTER * chance) if attempts <= len(_PAUSES) else None
