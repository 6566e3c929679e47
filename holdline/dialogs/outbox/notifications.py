"""Notifications: of what a manager is notified, through which channel, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.outbox.letters import require_address
from holdline.dialogs.refusal import BadInput

TOPICS = ("dialog_created", "stage", "queue", "tags", "note", "attachment", "escalation", "assigned")
TELEGRAM, EMAIL = CHANNELS = ("telegram", "email")
GATHERED_FOR = timedelta(seconds=3)
"""Notifications within this time after the first are sent in the same message."""
REST = timedelta(seconds=8)
"""The minimum time between two messages."""
_CHANGES = ("stage", "queue", "tags")
_BY_KIND = {
    EventKind.DIALOG_OPENED: "dialog_created",
    EventKind.NOTE_CREATED: "note",
    EventKind.ATTACHMENT_ADDED: "attachment",
    EventKind.ATTACHMENT_REMOVED: "attachment",
    EventKind.DIALOG_OVERDUE: "escalation",
    EventKind.SLA_BREACHED: "escalation",
    EventKind.DIALOG_ASSIGNED: "assigned",
}


@dataclass(frozen=True, slots=True)
class NotificationSettings:
    """The channels for each topic; a topic left out is not notified. `email` is the address for letters."""

    channels: Mapping[str, Sequence[str]] = field(default_factory=lambda: {"assigned": (TELEGRAM,)})
    email: str | None = None

    def channels_for(self, topic: str) -> tuple[str, ...]:
        return tuple(channel for channel in CHANNELS if channel in self.channels.get(topic, ()))


@dataclass(frozen=True, slots=True)
class NewsItem:
    """One notification about an event, with the words of its sentence.

    `sentence` names the text if the topic has several.
    """

    name: str
    words: dict[str, Any]
    sentence: str | None = None


def valid_settings(channels: Mapping[str, Sequence[str]], email: str | None) -> NotificationSettings:
    """Raises BadInput with the name of the field. E-mail notifications need an address."""
    for topic, chosen in channels.items():
        if topic not in TOPICS:
            raise BadInput(topic, "unknown_field")
        if not set(chosen) <= set(CHANNELS):
            raise BadInput(topic, "mends.one_of", choices=", ".join(CHANNELS))
    address = require_address(email, field="email") if email else None
    if address is None and any(EMAIL in chosen for chosen in channels.values()):
        raise BadInput("email", "notify.mend_email")
    chosen_by_topic = {
        topic: tuple(channel for channel in CHANNELS if channel in channels.get(topic, ()))
        for topic in TOPICS
    }
    return NotificationSettings(chosen_by_topic, address)


def topics_of(event: Event) -> tuple[NewsItem, ...]:
    """The notifications that the event gives rise to."""
    if event.kind is EventKind.DIALOG_CHANGED:
        return tuple(
            NewsItem(name, {"before": _plain(event.data[name][0]), "after": _plain(event.data[name][1])})
            for name in _CHANGES
            if name in event.data
        )
    topic = _BY_KIND.get(event.kind)
    if topic == "attachment":
        sentence = "attachment_removed" if event.kind is EventKind.ATTACHMENT_REMOVED else None
        return (NewsItem(topic, {"name": str(event.data.get("name") or event.text or "")}, sentence),)
    if topic == "note":
        return (NewsItem(topic, {"text": event.text or ""}),)
    return (NewsItem(topic, {}),) if topic else ()


def readers_of(
    topic: str, dialog: Dialog, settings: Mapping[int, NotificationSettings], *, event: Event
) -> dict[int, tuple[str, ...]]:
    """The channels by manager. A new dialog: all who subscribed; otherwise the people who work on it. Never the manager
    who acted.

    The new assignee is not notified in Telegram, because they get a more detailed message at once.
    """
    people = {person.id for person in dialog.participants} | (
        {dialog.assignee.id} if dialog.assignee else set()
    )
    if topic == "assigned":
        people = {dialog.assignee.id} if dialog.assignee else set()
    elif topic == "dialog_created":
        people = set(settings)
    left_out = {TELEGRAM} if topic == "assigned" else set[str]()
    chosen = {
        manager_id: tuple(c for c in settings[manager_id].channels_for(topic) if c not in left_out)
        for manager_id in sorted(people & set(settings))
        if not event.actor.is_manager(manager_id)
    }
    return {manager_id: channels for manager_id, channels in chosen.items() if channels}


def is_due(*, first: datetime, last_sent: datetime | None, at: datetime) -> bool:
    """Whether the waiting notifications are to be sent now, as one message."""
    return first + GATHERED_FOR <= at and (last_sent is None or last_sent + REST <= at)


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) or "—" if isinstance(value, list) else str(value or "—")
