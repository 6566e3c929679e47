"""What a dialog's history contains, and the filters that narrow it."""

from dataclasses import dataclass
from enum import StrEnum

from holdline.dialogs.event import EventKind


class HistoryFilter(StrEnum):
    """The values are stored in buttons: never change them."""

    ALL = "all"
    MESSAGES = "messages"
    NOTES = "notes"
    CHANGES = "changes"
    STATES = "states"
    AUTOMATIC = "automatic"


_NOTES = frozenset(
    {
        EventKind.NOTE_CREATED,
        EventKind.NOTE_EDITED,
        EventKind.NOTE_DELETED,
        EventKind.DRAFT_NOTE_ADDED,
        EventKind.DRAFT_NOTE_REMOVED,
    }
)
_STATES = frozenset(
    {
        EventKind.DIALOG_OPENED,
        EventKind.DIALOG_PAUSED,
        EventKind.DIALOG_RESUMED,
        EventKind.DIALOG_CLOSED,
        EventKind.CLOSE_REQUESTED,
        EventKind.DIALOG_OVERDUE,
        EventKind.SLA_WARNED,
        EventKind.SLA_BREACHED,
        EventKind.SILENCE_WARNED,
        EventKind.DIALOG_MERGED,
        EventKind.MERGE_UNDONE,
        EventKind.DIALOG_UNMERGED,
        EventKind.RATING_ANSWERED,
    }
)
_CHANGES = frozenset(
    {
        EventKind.DIALOG_CHANGED,
        EventKind.DIALOG_ASSIGNED,
        EventKind.ASSIGNMENT_WITHDRAWN,
        EventKind.ATTACHMENT_ADDED,
        EventKind.ATTACHMENT_REMOVED,
        EventKind.DIALOG_FORWARDED,
        EventKind.INBOX_ITEM_ANSWERED,
        EventKind.INBOX_ITEM_IGNORED,
        EventKind.INBOX_ITEM_ASSIGNED,
        EventKind.INBOX_ASSIGNMENT_WITHDRAWN,
        EventKind.INBOX_ITEM_MOVED,
        EventKind.INBOX_ITEM_RETURNED,
        EventKind.CUSTOMER_MUTED,
        EventKind.CUSTOMER_UNMUTED,
        EventKind.CUSTOMER_EXPORTED,
        EventKind.CUSTOMER_ERASED,
    }
)
_MESSAGES = frozenset(EventKind) - _NOTES - _STATES - _CHANGES
"""What was said, and what happened to it on delivery."""

KINDS_OF: dict[HistoryFilter, frozenset[EventKind] | None] = {
    HistoryFilter.ALL: None,
    HistoryFilter.MESSAGES: _MESSAGES,
    HistoryFilter.NOTES: _NOTES,
    HistoryFilter.CHANGES: _CHANGES,
    HistoryFilter.STATES: _STATES,
    HistoryFilter.AUTOMATIC: None,
}
"""None means every kind. Automatic shows what a rule or the desk itself did."""


@dataclass(frozen=True, slots=True)
class TimelineOrder:
    """Which events are shown, and in which order."""

    filter: HistoryFilter = HistoryFilter.ALL
    newest_first: bool = True


def filter_of(word: str) -> HistoryFilter:
    """The filter with that name; ALL if there is none."""
    return next((each for each in HistoryFilter if each == word), HistoryFilter.ALL)


def holds_words(narrowed: HistoryFilter) -> bool:
    """Whether the filter includes messages."""
    return narrowed in (HistoryFilter.ALL, HistoryFilter.MESSAGES)
