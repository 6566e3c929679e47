"""Splits long texts into parts that Telegram accepts, and makes strangers' names safe to show."""

import unicodedata
from bisect import bisect_right
from typing import Any

from holdline.dialogs.message import Entities
from holdline.dialogs.text.limits import NAME_LIMIT, TEXT_LIMIT, characters_within, fits
from holdline.dialogs.text.richtext import borders, clip_entities

MARKS_IN_A_ROW = 3
_WINDOW = 1024  # how far back from the limit a paragraph, a line or a word may end a part
_WHOLE = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "custom_emoji", "date_time",
     "text_mention"}
)  # fmt: skip
_JOINER = "\u200d"
_LOOK_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"

Part = tuple[str, Entities]


def split_text(text: str, entities: Entities = (), *, limit: int = TEXT_LIMIT) -> list[Part]:
    """Parts of at most `limit` units that together are the whole text."""
    return parts_of(text, entities, 0, limit=limit)


def parts_of(text: str, entities: Entities, header_length: int, *, limit: int = TEXT_LIMIT) -> list[Part]:
    """The parts to enqueue, one item each. The first part leaves `header_length` units for a header."""
    starts = borders(text)
    parts: list[Part] = []
    first, room = 0, limit - header_length
    while starts[-1] - starts[first] > room:
        end = _cut(text, starts, entities, (first, bisect_right(starts, starts[first] + room) - 1))
        if text[
            first:end
        ].strip():  # Telegram refuses a blank part; the header goes above the first part sent
            parts.append(_part(text, starts, entities, (first, end)))
            room = limit
        first = end
    if not parts or text[first:].strip():
        parts.append(_part(text, starts, entities, (first, len(text))))
    return parts


def _part(text: str, starts: list[int], entities: Entities, span: tuple[int, int]) -> Part:
    first, end = span
    return text[first:end], clip_entities(entities, starts[first], starts[end])


def _cut(text: str, starts: list[int], entities: Entities, window: tuple[int, int]) -> int:
    """Where the part ends: after a paragraph, a line or a word, or else between two visible characters."""
    first, hard_end = window
    earliest = max(first + 1, hard_end - min(_WINDOW, (hard_end - first) // 2))
    for mark in ("\n\n", "\n", " "):
        at = text.rfind(mark, earliest, hard_end)
        if at >= 0 and (end := _cut_outside_entities(starts, entities, at + len(mark), earliest)) is not None:
            return end
    end = hard_end
    while end > earliest and not _breaks(text, end):
        end -= 1
    if not _breaks(text, end):
        end = hard_end  # one very long cluster: cut between any two characters
    return _cut_outside_entities(starts, entities, end, earliest) or end


def _cut_outside_entities(starts: list[int], entities: Entities, end: int, earliest: int) -> int | None:
    """`end`, or the start of a link, emoji or mention that a cut there would split. None if that is too early."""
    unit = starts[end]
    for entity in entities:
        inside = entity["offset"] < unit < entity["offset"] + entity["length"]
        if inside and entity["type"] in _WHOLE:
            before = bisect_right(starts, entity["offset"]) - 1
            return _cut_outside_entities(starts, entities, before, earliest) if before >= earliest else None
    return end


def _breaks(text: str, at: int) -> bool:
    """Whether the text may be cut before the character `at` without splitting what people see as one character."""
    if at <= 0 or at >= len(text):
        return True
    before, after = text[at - 1], text[at]
    if _extends(after) or before == _JOINER or (before, after) == ("\r", "\n"):
        return False
    if _is_flag_half(after):
        run = at
        while run > 0 and _is_flag_half(text[run - 1]):
            run -= 1
        return (at - run) % 2 == 0
    return True


def _extends(sign: str) -> bool:
    code = ord(sign)
    return (
        sign == _JOINER
        or unicodedata.category(sign) in ("Mn", "Me", "Mc")
        or 0x1F3FB <= code <= 0x1F3FF  # skin tones
        or 0xE0020 <= code <= 0xE007F  # tags of regional flags
        or 0x1160 <= code <= 0x11FF  # jamo that close a syllable
    )


def _is_flag_half(sign: str) -> bool:
    return 0x1F1E6 <= ord(sign) <= 0x1F1FF


def truncate(text: str, limit: int) -> str:
    """At most `limit` units, ending in “…” if something is cut. Never splits a visible character."""
    if fits(text, limit):
        return text
    most = end = characters_within(text, limit - 1)
    while end > 0 and not _breaks(text, end):
        end -= 1
    return text[: end or most].rstrip() + "…"


def is_blank(text: str) -> bool:
    """Whether the text has nothing visible. Telegram refuses such a text as empty."""
    return all(unicodedata.category(sign)[0] in "ZC" or sign in _LOOK_BLANK for sign in text)


def clean_name(raw: str, *, fallback: str, limit: int = NAME_LIMIT) -> str:
    """One line of visible characters, without controls, direction overrides or stacked accents; else `fallback`."""
    kept: list[str] = []
    marks = 0
    for sign in raw:
        category = unicodedata.category(sign)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category.startswith("Z") or category == "Cc":
            kept.append(" ")
        elif marks <= MARKS_IN_A_ROW and _shows(sign, category):
            kept.append(sign)
    name = " ".join("".join(kept).split()).strip(_JOINER + " \u200c")
    visible = any(unicodedata.category(sign)[0] in "LNPS" for sign in name)
    return truncate(name, limit) if visible else fallback


def _shows(sign: str, category: str) -> bool:
    if sign in (_JOINER, "\u200c"):  # joins emoji and Persian letters
        return True
    return category not in ("Cf", "Cs", "Co", "Cn") and sign not in _LOOK_BLANK


def inline(name: str) -> str:
    """A stranger's text inside our sentence. It cannot form a command to tap, and right-to-left text is isolated."""
    quiet = "".join(
        "∕" if sign == "/" and (at == 0 or not name[at - 1].isalnum()) else sign
        for at, sign in enumerate(name)
    )
    quiet = " ".join(quiet.split())
    turns = any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in quiet)
    return f"{_ISOLATE}{quiet}{_END_ISOLATE}" if turns else quiet


def first_line(text: str, limit: int) -> str:
    """The first line that is not empty, as a suggested title, without a full stop at its end."""
    lines: list[Any] = [line for line in text.splitlines() if line.strip()]
    title = clean_name(lines[0], fallback="", limit=limit) if lines else ""
    return title if title.endswith("..") else title.removesuffix(".")
