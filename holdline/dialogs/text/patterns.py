"""Words and expressions that are looked for in what a customer writes, within a time that is given."""

import re
from collections.abc import Sequence

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.snippets import strip_marks

ONE_REGEX_SECONDS = 0.05
"""An expression that needs longer finds nothing: the desk waits for nobody's riddle."""
MOST_WORDS, LONGEST_WORD, LONGEST_REGEX = 50, 100, 500
LONGEST_UNFOLDED = 10_000
"""With each repeat written out as often as it says at least: nothing cuts off its reading, which takes seconds and
gigabytes at millions."""
_PIECE = re.compile(r"\\.|\[(?:\\.|[^\]])*\]|\{(\d+)(?:,\d*)?\}|.", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")
_RIDDLES = tuple(f"{part * (2000 // len(part))}¤" for part in ("a", "ab", "0", "a ", "я", "x@y."))
"""Texts on which an expression that runs away does so."""


def words_in(text: str) -> str:
    """“ refund my order”: every word with a space before it, so that a keyword is found where a word begins."""
    return "".join(f" {word}" for word in _WORD.findall(strip_marks(text)))


def valid_words(words: Sequence[str]) -> list[str]:
    """Each once; BadInput for one that has no letter or number, and for too many."""
    if len(words) > MOST_WORDS:
        raise BadInput("any_of", "past.keywords_too_many", limit=MOST_WORDS)
    for word in words:
        if not words_in(word) or len(word) > LONGEST_WORD:
            raise BadInput("any_of", "past.keyword", limit=LONGEST_WORD)
    return list(dict.fromkeys(" ".join(word.split()) for word in words))


def valid_regex(regex: str | None) -> str | None:
    """BadInput for what is no expression, and for one that takes too long on a text that was made for it."""
    if regex is None:
        return None
    if len(regex) > LONGEST_REGEX:
        raise BadInput("regex", "mends.too_long", limit=LONGEST_REGEX, length=len(regex))
    if _count_pieces(regex) > LONGEST_UNFOLDED:
        raise BadInput("regex", "past.regex")
    if not all(search(regex, riddle, seconds=ONE_REGEX_SECONDS) is not None for riddle in _RIDDLES):
        raise BadInput("regex", "past.regex")
    return regex


def search(regex: str, text: str, *, seconds: float) -> bool | None:
    """None where it is no expression, or runs away."""
    import regex as engine  # noqa: PLC0415 - only for desks that have one

    try:
        return engine.search(regex, text, flags=engine.IGNORECASE, timeout=seconds) is not None
    except (engine.error, TimeoutError, RecursionError, OverflowError, MemoryError):
        return None


def _count_pieces(regex: str) -> int:
    """About so many pieces; a repeat counts for the group, or the one piece, before it."""
    lengths, last = [0], 0
    for piece in _PIECE.finditer(regex):
        if piece[0] == "(":
            lengths.append(0)
        elif piece[1] is not None:
            more = last * max(int(piece[1]) - 1, 0)
            last, lengths[-1] = last + more, lengths[-1] + more
        else:
            last = lengths.pop() if piece[0] == ")" and len(lengths) > 1 else 1
            lengths[-1] += last
    return sum(lengths)
