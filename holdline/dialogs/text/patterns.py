"""Keywords and expressions that are searched for in customers' messages, within a time limit."""

import re
from collections.abc import Sequence

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.snippets import strip_marks

ONE_REGEX_SECONDS = 0.05
"""An expression that takes longer finds nothing."""
MOST_WORDS, LONGEST_WORD, LONGEST_REGEX = 50, 100, 500
LONGEST_UNFOLDED = 10_000
"""Counts each repeat by its minimum. Parsing has no timeout, and millions would take seconds and gigabytes."""
_PIECE = re.compile(r"\\.|\[(?:\\.|[^\]])*\]|\{(\d+)(?:,\d*)?\}|.", re.DOTALL)
_WORD = re.compile(r"[^\W_]+")
_RIDDLES = tuple(f"{part * (2000 // len(part))}¤" for part in ("a", "ab", "0", "a ", "я", "x@y."))
"""Texts on which an expression with excessive backtracking times out."""


def words_in(text: str) -> str:
    """“ refund my order”: every word after a space, so that a keyword is only found at the start of a word."""
    return "".join(f" {word}" for word in _WORD.findall(strip_marks(text)))


def valid_words(words: Sequence[str]) -> list[str]:
    """The words without duplicates. Raises BadInput for a word without a letter or digit, and for too many."""
    if len(words) > MOST_WORDS:
        raise BadInput("any_of", "past.keywords_too_many", limit=MOST_WORDS)
    for word in words:
        if not words_in(word) or len(word) > LONGEST_WORD:
            raise BadInput("any_of", "past.keyword", limit=LONGEST_WORD)
    return list(dict.fromkeys(" ".join(word.split()) for word in words))


def valid_regex(regex: str | None) -> str | None:
    """Raises BadInput if it is not a valid expression, or too slow on a test text."""
    if regex is None:
        return None
    if len(regex) > LONGEST_REGEX:
        raise BadInput("regex", "mends.too_long", limit=LONGEST_REGEX, length=len(regex))
    if _count_pieces(regex) > LONGEST_UNFOLDED:
        raise BadInput("regex", "past.regex")
    if not _is_well_formed(regex):
        raise BadInput("regex", "past.regex_wrong", quoted=regex)
    if not all(search(regex, riddle, seconds=ONE_REGEX_SECONDS) is not None for riddle in _RIDDLES):
        raise BadInput("regex", "past.regex")
    return regex


def _is_well_formed(regex: str) -> bool:
    import regex as engine  # noqa: PLC0415 - only for desks that have one

    try:
        engine.compile(regex, flags=engine.IGNORECASE)
    except (engine.error, RecursionError, OverflowError, MemoryError):
        return False
    return True


def search(regex: str, text: str, *, seconds: float) -> bool | None:
    """Whether the expression is found. None if it is invalid or times out."""
    import regex as engine  # noqa: PLC0415 - only for desks that have one

    try:
        return engine.search(regex, text, flags=engine.IGNORECASE, timeout=seconds) is not None
    except (engine.error, TimeoutError, RecursionError, OverflowError, MemoryError):
        return None


def _count_pieces(regex: str) -> int:
    """The approximate number of pieces. A repeat multiplies the group or the single piece before it."""
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
