"""What delivery recorded about an item's earlier attempts. It decides how the next attempt is made."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class RetryNotes:
    """Stored in the payload beside the fields of the item's kind. Defaults are not stored.

    `mends`: what was refused and is left out. `by_file`: sent by file, because the original to copy is gone.
    `in_words`: the chat does not allow this kind, so a text describes it. `together`: the item with which it left as
    one message, which may have arrived. `apart`: refused as one of several merged messages. `doubted`: the chat was
    unknown once. `stood_aside`: it let others go first after an unknown refusal. `pages`: how often a proxy's page
    came instead of Telegram's answer.
    """

    mends: tuple[str, ...] = ()
    by_file: bool = False
    in_words: bool = False
    together: int | None = None
    apart: bool = False
    doubted: bool = False
    stood_aside: bool = False
    pages: int = 0

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "RetryNotes":
        """The notes of an outbox row."""
        payload = row["payload_json"]
        stored = {name: payload[name] for name in _NAMES if name in payload}
        return cls(**stored | {"mends": tuple(stored.get("mends", ()))})


_NAMES = tuple(each.name for each in fields(RetryNotes))
_NONE = RetryNotes()


def payload_with_notes(row: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """The payload of the row with these notes changed."""
    notes = replace(RetryNotes.of(row), **changes)
    fields_of_kind = {name: value for name, value in row["payload_json"].items() if name not in _NAMES}
    noted = {name: value for name in _NAMES if (value := getattr(notes, name)) != getattr(_NONE, name)}
    return fields_of_kind | noted
