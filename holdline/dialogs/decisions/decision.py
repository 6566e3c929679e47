"""The result of a decision: the dialog afterwards, and its events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event
from holdline.dialogs.text.times import to_rfc3339


@dataclass(frozen=True, slots=True)
class Decision:
    """The dialog afterwards, and the events. Messages about it follow from the events."""

    dialog: Dialog
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class PersonalNotice:
    """A sentence about a dialog for one manager. `take` names the button that makes them its assignee."""

    telegram_id: int
    name: str
    who: str = ""
    take: str = ""


def differences(before: Dialog, after: Dialog, *, names: Iterable[str]) -> tuple[str, ...]:
    """The names of the fields that differ."""
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def plain_value(value: Any) -> Any:
    """The value as history stores it: people as names, times as text."""
    if isinstance(value, datetime):
        return to_rfc3339(value)
    return [getattr(each, "name", each) for each in value] if isinstance(value, tuple) else value
