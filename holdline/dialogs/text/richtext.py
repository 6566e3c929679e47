"""Text with entities: borders, clipping and joining in UTF-16 units, as Telegram counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from holdline.dialogs.message import Entities
from holdline.dialogs.text.limits import ASTRAL, length


def borders(text: str) -> list[int]:
    """The unit at which each character starts, and the end: one more than the number of characters."""
    if not text or max(text) < chr(ASTRAL):
        return list(range(len(text) + 1))
    starts, unit = [], 0
    for sign in text:
        starts.append(unit)
        unit += 2 if ord(sign) >= ASTRAL else 1
    return [*starts, unit]


def shift_entities(entities: Iterable[dict[str, Any]], by: int) -> Entities:
    """The entities moved by `by` units, otherwise unchanged."""
    return tuple({**entity, "offset": entity["offset"] + by} for entity in entities)


def clip_entities(entities: Iterable[dict[str, Any]], start: int, end: int) -> Entities:
    """The parts of the entities between two units, counted from `start`."""
    kept = []
    for entity in entities:
        first = max(entity["offset"], start)
        last = min(entity["offset"] + entity["length"], end)
        if first < last:
            kept.append({**entity, "offset": first - start, "length": last - first})
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class RichText:
    """A text and its entities. `+` joins two and moves the entities of the second."""

    text: str = ""
    entities: Entities = ()

    def __add__(self, other: "RichText") -> "RichText":
        if not self.text:
            return other
        return RichText(
            self.text + other.text, (*self.entities, *shift_entities(other.entities, length(self.text)))
        )


def with_mark(text: str, type_: str) -> RichText:
    """The whole text with one format: bold, italic, code…"""
    return RichText(text, ({"type": type_, "offset": 0, "length": length(text)},)) if text else RichText()


def lines(*parts: RichText) -> RichText:
    """The parts, one per line. Empty parts are left out."""
    joined = RichText()
    for part in parts:
        if part.text:
            joined = joined + RichText("\n") + part if joined.text else part
    return joined
