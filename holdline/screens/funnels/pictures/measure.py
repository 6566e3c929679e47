"""The width of a text in the picture's font, and where its lines break.

No font is read. The widths are those of Arial, which Liberation Sans and Helvetica share. Unknown characters count
as wide, so that a line is too short rather than too long.
"""

import unicodedata
from functools import cache

_THIN, _NARROW, _HALF, _USUAL, _CAPITAL, _WIDE, _SQUARE = 0.24, 0.34, 0.5, 0.56, 0.73, 0.95, 1.3
_CLASSES = (
    (_THIN, "ijl|'"),
    (_NARROW, " !,./:;[]\\ftIr()-{}`"),
    (_HALF, 'ckszxyvJ"*'),
    (_USUAL, "abdeghnopquL#$?_0123456789<>=~+^"),
    (_CAPITAL, "ABEKPSVXYTZFCDHNRUGOQw&"),
    (_WIDE, "mMW@%жмшщюыфЖМШЩЮЫФ…—"),
)
_UNDRAWN = frozenset({"So", "Sk", "Cs", "Co", "Cn"})
_SELECTORS = "\ufe0e\ufe0f\u20e3\u200d"
_WIDTHS = {char: width for width, chars in _CLASSES for char in chars}


def drawable(text: str) -> str:
    """The text without emoji and their modifiers, because few servers have a font for them."""
    return "".join(
        char for char in text if unicodedata.category(char) not in _UNDRAWN and char not in _SELECTORS
    )


def text_width(text: str, size: float) -> float:
    return sum(map(_char_width, text)) * size


def wrap(text: str, size: float, room: float, most: int) -> list[str]:
    """At most `most` lines, each within `room`. “…” marks what is cut."""
    lines: list[str] = []
    words = [piece for word in text.split() for piece in _pieces(word, size, room)]
    line = ""
    for word in words:
        longer = f"{line} {word}" if line else word
        if line and text_width(longer, size) > room:
            lines.append(line)
            line = word
        else:
            line = longer
    lines += [line] if line else []
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], fit(lines[most - 1] + " …", size, room)]


def fit(text: str, size: float, room: float) -> str:
    """The text on one line. “…” marks what is cut."""
    line = " ".join(text.split())
    if text_width(line, size) <= room:
        return line
    line = line.rstrip(" …")
    while line and text_width(line + "…", size) > room:
        line = line[:-1]
    return line.rstrip() + "…"


def _pieces(word: str, size: float, room: float) -> list[str]:
    """Breaks a word that is wider than the room at any character."""
    pieces, piece = [], ""
    for char in word:
        if piece and text_width(piece + char, size) > room:
            pieces.append(piece)
            piece = ""
        piece += char
    return [*pieces, piece]


@cache
def _char_width(char: str) -> float:
    if known := _WIDTHS.get(char):
        return known
    base = unicodedata.normalize("NFD", char)[0]
    if base != char:
        return _char_width(base)
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Cf"):
        return 0
    if unicodedata.east_asian_width(char) in ("W", "F") or ord(char) > 0x2190:
        return _SQUARE
    return _CAPITAL if char.isupper() else 0.6
