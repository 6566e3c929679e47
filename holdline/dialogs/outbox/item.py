"""What a kind of outbox items declares: the traits of all its items, and how an item is stored."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from typing import Any, ClassVar, Self

from holdline.dialogs.audience import Audience
from holdline.dialogs.rights import Act

Rows = list[list[dict[str, Any]]]
"""Rows of buttons."""

ALARM_DAYS = 7
"""How long an alarm waits for an administrator whose chat is closed to the bot."""

ASIDE = 4
"""The rank of items that the desk can do without. They leave a group half of its minute, see `put_off_asides`."""

READER_LEFT_DESK = "its reader has left the desk"
"""The reason for cancelling an item for a manager's private chat."""
RIGHT_WITHDRAWN = "its reader may not have it any longer"

CUSTOMER, DESK = Audience.CUSTOMER, Audience.DESK


class Worth(StrEnum):
    """What happens to an item that cannot be sent."""

    WORDS = "words"
    """A person's message: it is sent, refused with an explanation, or parked in sight."""
    VIEW = "view"
    """A view of the desk: it is parked in sight, and nobody is notified."""
    CHANGE = "change"
    """A change of an existing message. Doing it twice has no further effect; it is dropped if there is nothing to
    change.
    """


class Role(StrEnum):
    """What the sent message represents. It decides how a reply to that message is understood."""

    COPY = "copy"
    CARD = "card"
    FORM = "form"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Traits:
    """The traits of a kind of outbox items.

    `audience`: who reads it; None if the code that creates an item states it. `rank`: lower goes first in a chat: 0
    people's messages, 1 cards, 2 changes of cards, 3 topic names, `ASIDE` what the desk can do without. `leaves`:
    the role of the message it creates; None if it creates none.

    `shows_customer`: it shows a customer's message to the desk. `stands_in_inbox`: also messages outside any dialog.
    `may_merge`: waiting messages of one customer may leave as one message. `needs_buttons`: it is pointless without
    its buttons. `has_text_fallback`: a text can describe it where the chat does not allow its kind.

    `for_whom`: the act that its reader must be allowed when it is sent to their own chat, not only when they asked.

    `is_correction`: somebody edited their message, and is notified if the reader still sees the old text. `is_retired`:
    only an earlier version created such items; those that wait are still sent.
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
    for_whom: Act | None = None
    is_correction: bool = False
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to send. Its fields are stored in the row's payload; `kind` is its name in the table.

    A field with its default value is not stored. A field that an older version did not store gets its default.
    """

    kind: ClassVar[str]
    traits: ClassVar[Traits]

    def as_payload(self) -> dict[str, Any]:
        """The payload to store."""
        return {
            name: value
            for name, default in _defaults(type(self)).items()
            if (value := getattr(self, name)) != default
        }

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """The item from a row. The retry notes in the payload (retry_notes.py) are left out."""
        payload = row["payload_json"]
        return cls(**{name: payload[name] for name in _defaults(cls) if name in payload})


_DEFAULTS: dict[type[Item], dict[str, Any]] = {}


def _defaults(kind: type[Item]) -> dict[str, Any]:
    """The fields of a kind with their defaults. Cached, because every item that is sent is stored and read."""
    if kind not in _DEFAULTS:
        _DEFAULTS[kind] = {
            each.name: each.default if each.default_factory is MISSING else each.default_factory()
            for each in fields(kind)
        }
    return _DEFAULTS[kind]
