"""What a kind of outbox items declares: what is true of each of them, and how one is stored."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from typing import Any, ClassVar, Self

from holdline.dialogs.audience import Audience

Rows = list[list[dict[str, Any]]]
"""Rows of buttons."""

ALARM_DAYS = 7
"""A notice that is an alarm waits so long for an administrator whose chat is closed to us."""

ASIDE = 4
"""The rank of what the desk can do without: it leaves a group half of its minute, see `put_off_asides`."""

READER_LEFT_DESK = "its reader has left the desk"
"""Why an item for the desk is cancelled that was meant for somebody's own chat."""

CUSTOMER, DESK = Audience.CUSTOMER, Audience.DESK


class Worth(StrEnum):
    """What an item is worth when it cannot be said."""

    WORDS = "words"
    """Somebody said it to somebody: it is sent, refused in words or parked in sight."""
    VIEW = "view"
    """The desk's own view: parked in sight, and nobody is told."""
    CHANGE = "change"
    """It changes what is there; twice looks like once, and it is dropped when there is nothing to change."""


class Role(StrEnum):
    """What the message that an item leaves at Telegram stands for; a reply to it is understood accordingly."""

    COPY = "copy"
    CARD = "card"
    FORM = "form"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Traits:
    """Of a kind of outbox items.

    `audience`: who reads it; None where whoever produces an item says so.
    `rank`: lower goes first in a chat: 0 people's words, 1 cards, 2 changes of cards, 3 names of topics,
    `ASIDE` what the desk can do without.
    `leaves`: what the message that it leaves stands for; None where it leaves none.
    `shows_customer`: the desk reads a customer's words in it. `stands_in_inbox`: also those outside any dialog.
    `may_merge`: lines of one customer that wait may leave as one message.
    `needs_buttons`: without them it says nothing. `has_text_fallback`: it can be described where it is not wanted.
    `is_correction`: somebody changed their words, and hears of it when the reader still sees the old ones.
    `is_retired`: an earlier version made such items; those that wait are still said.
    """

    worth: Worth
    audience: Audience | None = None
    rank: int = 0
    leaves: Role | None = None
    shows_customer: bool = False
    stands_in_inbox: bool = False
    may_merge: bool = False
    needs_buttons: bool = False
    has_text_fallback: bool = False
    is_correction: bool = False
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be said: its fields are what the row's payload keeps, `kind` names it in the table.

    A field that has its default is not stored, and one that an older version did not store has its default.
    """

    kind: ClassVar[str]
    traits: ClassVar[Traits]

    def as_payload(self) -> dict[str, Any]:
        """What is stored of it."""
        return {
            name: value
            for name, default in _defaults(type(self)).items()
            if (value := getattr(self, name)) != default
        }

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """What the row keeps; what delivery has noted beside it (retry_notes.py) is left out."""
        payload = row["payload_json"]
        return cls(**{name: payload[name] for name in _defaults(cls) if name in payload})


_DEFAULTS: dict[type[Item], dict[str, Any]] = {}


def _defaults(kind: type[Item]) -> dict[str, Any]:
    """The fields of a kind with their defaults, looked up once: every item that is sent is stored and read."""
    if kind not in _DEFAULTS:
        _DEFAULTS[kind] = {
            each.name: each.default if each.default_factory is MISSING else each.default_factory()
            for each in fields(kind)
        }
    return _DEFAULTS[kind]
