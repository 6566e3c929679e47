"""A broadcast: its content, audience, time and progress, and what may be done with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from holdline.dialogs.broadcasts.audience_filter import AudienceFilter
from holdline.dialogs.broadcasts.content import BroadcastContent
from holdline.dialogs.marketing.admission import Ended, Postponed, Verdict
from holdline.dialogs.refusal import WrongState


class BroadcastStatus(StrEnum):
    """The values of the API. Done and cancelled are final."""

    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class BroadcastVerb(StrEnum):
    """What a person or a tool may do with a broadcast."""

    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"


_ALLOWED = {
    BroadcastStatus.SCHEDULED: (BroadcastVerb.PAUSE, BroadcastVerb.CANCEL),
    BroadcastStatus.SENDING: (BroadcastVerb.PAUSE, BroadcastVerb.CANCEL),
    BroadcastStatus.PAUSED: (BroadcastVerb.RESUME, BroadcastVerb.CANCEL),
    BroadcastStatus.DONE: (),
    BroadcastStatus.CANCELLED: (),
}


@dataclass(frozen=True, slots=True)
class BroadcastAuthor:
    """The API key of an outside tool, or a manager."""

    api_key_id: int | None = None
    manager_id: int | None = None


@dataclass(frozen=True, slots=True)
class Broadcast:
    """`local_time` is a day and a time without a zone, to be read in each customer's time zone.

    `gathered_until_id`: customers up to this id were checked. `gathered_at`: when all were.
    """

    id: int
    content: BroadcastContent
    audience: AudienceFilter
    status: BroadcastStatus
    starts_at: datetime
    created_at: datetime
    local_time: datetime | None = None
    topic: str | None = None
    expires_at: datetime | None = None
    author: BroadcastAuthor = BroadcastAuthor()
    gathered_until_id: int = 0
    gathered_at: datetime | None = None
    pause_reason: str | None = None
    ended_at: datetime | None = None
    deleted_at: datetime | None = None
    """When the messages that were sent had been taken back."""

    @property
    def has_started(self) -> bool:
        """Whether anybody may have been chosen as a recipient. Until then its time and audience can be changed."""
        is_untouched = self.gathered_until_id == 0 and self.gathered_at is None
        waits = self.status is BroadcastStatus.SCHEDULED or self.status is BroadcastStatus.PAUSED
        return not (waits and is_untouched)

    @property
    def allowed(self) -> tuple[BroadcastVerb, ...]:
        """What may be done with it now."""
        return _ALLOWED[self.status]


PAUSED = "paused"
"""Why a message waits while its broadcast is paused. CANCELLED is why it ends when the broadcast is cancelled."""
CANCELLED = "broadcast_cancelled"
PAUSE_LOOKED_AT_AGAIN = timedelta(hours=1)
"""Resuming makes every message due. If that is lost, the messages are found within this time."""


def admit_of_broadcast(status: BroadcastStatus | None, *, at: datetime) -> Verdict:
    """Asked for each message in the transaction that starts its call, so that pausing or cancelling works at once."""
    if status is BroadcastStatus.PAUSED:
        return Postponed(at + PAUSE_LOOKED_AT_AGAIN, PAUSED)
    return Ended("cancelled", CANCELLED) if status is BroadcastStatus.CANCELLED else None


class BroadcastRefused(WrongState):
    """The broadcast's status does not allow this."""

    def __init__(self, broadcast: Broadcast) -> None:
        super().__init__(
            state=broadcast.status,
            obj={"type": "broadcast", "id": broadcast.id},
            allowed=tuple(broadcast.allowed),
            code="wrong_state",
        )

    @property
    def text_key(self) -> str:
        return f"refusals.broadcast_{self.state}"


class BroadcastStarted(BroadcastRefused):
    """Its recipients are chosen already, so its time and its audience cannot be changed any more."""

    @property
    def text_key(self) -> str:
        over = self.state in (BroadcastStatus.DONE, BroadcastStatus.CANCELLED)
        return super().text_key if over else "refusals.broadcast_started"


def refuse_started(broadcast: Broadcast) -> None:
    if broadcast.has_started:
        raise BroadcastStarted(broadcast)


class BroadcastUnchangeable(WrongState):
    """A sent broadcast cannot be changed, deleted or exported in this way. `because` names the text with the reason."""

    def __init__(self, broadcast_id: int, because: str) -> None:
        super().__init__(state=because, obj={"type": "broadcast", "id": broadcast_id}, code="wrong_state")

    @property
    def text_key(self) -> str:
        return f"refusals.broadcast_{self.state}"


CHANGEABLE_FOR = timedelta(hours=48)
"""The limit of deleteMessage (Bot API). Edits have no limit in Telegram, but follow the same one here."""


def refuse_too_old(broadcast: Broadcast, *, at: datetime) -> None:
    """Raises BroadcastUnchangeable if the broadcast ended so long ago that Telegram no longer lets a bot delete its
    messages.
    """
    if broadcast.ended_at is not None and broadcast.ended_at <= at - CHANGEABLE_FOR:
        raise BroadcastUnchangeable(broadcast.id, "too_old")


def status_after(broadcast: Broadcast, verb: BroadcastVerb, *, at: datetime) -> BroadcastStatus:
    """The status after the verb. Raises BroadcastRefused if the current status does not allow it."""
    if verb not in broadcast.allowed:
        raise BroadcastRefused(broadcast)
    if verb is BroadcastVerb.RESUME:
        return BroadcastStatus.SCHEDULED if broadcast.starts_at > at else BroadcastStatus.SENDING
    return BroadcastStatus.PAUSED if verb is BroadcastVerb.PAUSE else BroadcastStatus.CANCELLED


@dataclass(frozen=True, slots=True)
class BroadcastFigures:
    """How many recipients got it or never will. `held`: those whose active dialog holds it back now."""

    recipients: int
    sent: int = 0
    held: int = 0
    blocked: int = 0
    failed: int = 0
    expired: int = 0
    cancelled: int = 0

    @property
    def waiting(self) -> int:
        return max(0, self.recipients - self.settled - self.held)

    @property
    def settled(self) -> int:
        """The recipients whose outcome is known."""
        return self.sent + self.blocked + self.failed + self.expired + self.cancelled


UNREACHABLE = frozenset({"blocked", "deactivated", "unknown"})


def recipient_status(outbox_status: str, reason: str) -> str:
    """The recipient's status if their outbox item was never sent."""
    if outbox_status == "cancelled" and reason in UNREACHABLE:
        return "blocked"
    return {"expired": "expired", "parked": "failed"}.get(outbox_status, "cancelled")
