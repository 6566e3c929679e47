"""Text with entities: borders, cuts and joins in UTF-16 units, in which Telegram counts borders."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from holdline.dialogs.message import Entities
from holdline.dialogs.text.limits import ASTRAL, length


def borders(text: str) -> list[int]:
    """The unit at which each character starts, and the end: one more than there are characters."""
    if not text or max(text) < chr(ASTRAL):
        return list(range(len(text) + 1))
    starts, unit = [], 0
    for sign in text:
        starts.append(unit)
        unit += 2 if ord(sign) >= ASTRAL else 1
    return [*starts, unit]


def shifted(entities: Iterable[dict[str, Any]], by: int) -> Entities:
    """The same entities `by` units further on; nothing else of them is touched."""
    return tuple({**entity, "offset": entity["offset"] + by} for entity in entities)


def clipped(entities: Iterable[dict[str, Any]], start: int, end: int) -> Entities:
    """What of them lies between two units, counted from `start`."""
    kept = []
    for entity in entities:
        first = max(entity["offset"], start)
        last = min(entity["offset"] + entity["length"], end)
        if first < last:
            kept.append({**entity, "offset": first - start, "length": last - first})
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class Rich:
    """A text and its entities; `+` joins two and moves the entities of the second."""

    text: str = ""
    entities: Entities = ()

    def __add__(self, other: "Rich") -> "Rich":
        if not self.text:
            return other
        return Rich(self.text + other.text, (*self.entities, *shifted(other.entities, length(self.text))))


def marked(text: str, type_: str) -> Rich:
    """The whole text in one mark: bold, italic, code…"""
    return Rich(text, ({"type": type_, "offset": 0, "length": length(text)},)) if text else Rich()


def lines(*parts: Rich) -> Rich:
    """One under another; empty ones leave no line."""
    joined = Rich()
    for part in parts:
        if part.text:
            joined = joined + Rich("\n") + part if joined.text else part
    return joined
