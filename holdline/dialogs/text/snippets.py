"""The words around a search hit."""

import re
import unicodedata
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+")
_BEFORE, _LONGEST = 40, 160
_ALSO = {"ł": "l", "ё": "е"}


def strip_marks(text: str) -> str:
    """Lower case, with Latin letters without diacritics. The letters й and и stay different."""
    if text.isascii():
        return text.lower()
    return "".join(_strip_letter(letter) for letter in unicodedata.normalize("NFC", text).lower())


def has_words(text: str, words: Sequence[str]) -> bool:
    """Whether each of the words is the beginning of a word in the text."""
    has = [strip_marks(found) for found in _WORD.findall(unicodedata.normalize("NFC", text))]
    return all(any(each.startswith(strip_marks(word)) for each in has) for word in words)


def snippet(text: str, words: Sequence[str]) -> str:
    """One line around the first hit, cut with ellipses. If there is none, the beginning of the text."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    wanted = tuple(map(strip_marks, words))
    starts = (m.start() for m in _WORD.finditer(line) if wanted and strip_marks(m.group()).startswith(wanted))
    start = max(0, next(starts, 0) - _BEFORE)
    cut = line[start : start + _LONGEST]
    return f"{'…' if start else ''}{cut}{'…' if start + _LONGEST < len(line) else ''}"


def _strip_letter(letter: str) -> str:
    bare = unicodedata.normalize("NFD", letter)[0]
    return _ALSO.get(letter, bare if bare.isascii() else letter)
