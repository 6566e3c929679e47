"""One line of history: who did what to whom. It is never changed afterwards."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from holdline.dialogs.dialog import Dialog, Person
from holdline.dialogs.message import Message


@dataclass(frozen=True, slots=True)
class Actor:
    """A real person, a named rule, or the system itself; there is always an actor."""

    kind: str  # manager, customer, rule, system
    name: str
    id: int | None = None
    telegram_id: int | None = None

    def is_manager(self, manager_id: int) -> bool:
        """Whether the actor is this manager. Customers and rules have separate ids that may be equal."""
        return self.kind == "manager" and self.id == manager_id


SYSTEM = Actor(kind="system", name="system")


class EventKind(StrEnum):
    """What can happen, in the past tense. The values are stored in the database and the API: never change them."""

    CUSTOMER_WROTE = "customer_wrote"
    DIALOG_OPENED = "dialog_opened"
    DIALOG_PAUSED = "dialog_paused"
    DIALOG_RESUMED = "dialog_resumed"
    DIALOG_CLOSED = "dialog_closed"
    CLOSE_REQUESTED = "close_requested"
    DIALOG_OVERDUE = "dialog_overdue"
    SILENCE_WARNED = "silence_warned"
    SLA_WARNED = "sla_warned"
    SLA_BREACHED = "sla_breached"
    DIALOG_CHANGED = "dialog_changed"
    PARTICIPANT_JOINED = "participant_joined"
    PARTICIPANT_LEFT = "participant_left"
    DIALOG_ASSIGNED = "dialog_assigned"
    ASSIGNMENT_WITHDRAWN = "assignment_withdrawn"
    REPLY_GIVEN = "reply_given"
    REPLY_SCHEDULED = "reply_scheduled"
    SCHEDULED_REPLY_EDITED = "scheduled_reply_edited"
    SCHEDULED_REPLY_CANCELLED = "scheduled_reply_cancelled"
    SCHEDULED_REPLY_REFUSED = "scheduled_reply_refused"
    MESSAGE_EDITED = "message_edited"
    MESSAGE_DELETED = "message_deleted"
    MESSAGE_UNDONE = "message_undone"
    NOTE_CREATED = "note_created"
    NOTE_EDITED = "note_edited"
    NOTE_DELETED = "note_deleted"
    DRAFT_SUBMITTED = "draft_submitted"
    DRAFT_APPROVED = "draft_approved"
    DRAFT_RETURNED = "draft_returned"
    DRAFT_NOTE_ADDED = "draft_note_added"
    DRAFT_NOTE_REMOVED = "draft_note_removed"
    ATTACHMENT_ADDED = "attachment_added"
    ATTACHMENT_REMOVED = "attachment_removed"
    DIALOG_MERGED = "dialog_merged"
    MERGE_UNDONE = "merge_undone"
    DIALOG_UNMERGED = "dialog_unmerged"
    DIALOG_FORWARDED = "dialog_forwarded"
    RATING_ANSWERED = "rating_answered"
    INBOX_ITEM_ANSWERED = "inbox_item_answered"
    INBOX_ITEM_IGNORED = "inbox_ignored"
    INBOX_ITEM_ASSIGNED = "inbox_assigned"
    INBOX_ASSIGNMENT_WITHDRAWN = "inbox_assignment_withdrawn"
    INBOX_ITEM_MOVED = "inbox_item_moved"
    INBOX_ITEM_RETURNED = "inbox_item_returned"
    CUSTOMER_STARTED = "customer_started"
    CUSTOMER_CHANGED = "customer_changed"
    CUSTOMER_MUTED = "customer_muted"
    CUSTOMER_UNMUTED = "customer_unmuted"
    CUSTOMER_EXPORTED = "customer_exported"
    CUSTOMER_ERASED = "customer_erased"
    MARKETING_STOPPED = "marketing_stopped"
    MARKETING_RESUMED = "marketing_resumed"
    TOPIC_STOPPED = "topic_stopped"
    TOPIC_RESUMED = "topic_resumed"
    FUNNEL_ENTERED = "funnel_entered"
    FUNNEL_FINISHED = "funnel_finished"
    FUNNEL_LEFT = "funnel_left"
    BOT_BLOCKED = "bot_blocked"
    BOT_UNBLOCKED = "bot_unblocked"
    BECAME_UNREACHABLE = "became_unreachable"
    BUTTON_PRESSED = "button_pressed"
    SMART_REPLY_JUDGED = "smart_reply_judged"
    CROSSED = "crossed"
    UNDELIVERED = "undelivered"
    POSSIBLY_REPEATED = "possibly_repeated"
    BUTTONS_LEFT_OUT = "buttons_left_out"
    OUTBOUND_SENT_NOW = "outbound_sent_now"
    OUTBOUND_DROPPED = "outbound_dropped"
    OUTBOUND_HELD = "outbound_held"
    OUTBOUND_RELEASED = "outbound_released"
    OUTBOUND_SENT = "outbound_sent"
    OUTBOUND_ENDED = "outbound_ended"


NOT_IN_HISTORY = frozenset(
    {
        EventKind.CUSTOMER_WROTE,  # the message itself is the record
        EventKind.PARTICIPANT_JOINED,  # recorded as part of an opening, a change or an assignment
        EventKind.PARTICIPANT_LEFT,
        EventKind.OUTBOUND_HELD,  # the outbox records the outcome of each marketing message
        EventKind.OUTBOUND_RELEASED,
        EventKind.OUTBOUND_SENT,
        EventKind.OUTBOUND_ENDED,
    }
)
"""These kinds only trigger reactions."""


@dataclass(frozen=True, slots=True)
class InboxArrival:
    """A customer's message arrived at this Inbox item.

    `is_first`: the message started the item. `returns`: the item was ignored, and the message made it wait again.
    """

    item_id: int
    is_first: bool = False
    returns: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a customer, possibly in a dialog."""

    kind: EventKind
    actor: Actor
    customer_id: int
    dialog_id: int | None = None
    text: str | None = None
    data: dict[str, Any] = field(default_factory=dict)
    before: Dialog | None = None
    """The dialog before the event. This field and the ones below are used by reactions only and are not stored."""
    message: Message | None = None
    """The message. If it was edited or deleted, as it was before."""
    person: Person | None = None
    """The manager who joined or left the dialog."""
    typed_in: tuple[int, int | None] | None = None
    """The chat and the thread where it was typed; people who read there have already seen it."""
    arrival: InboxArrival | None = None
    """Where a message went that a customer wrote outside any dialog."""
