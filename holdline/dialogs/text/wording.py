"""Validates names and texts written by the desk: trimmed, without control characters, within the length limit.

Strangers' names are cleaned and cut (splitting.py). Invalid input from the desk is refused with an explanation.
"""

import unicodedata

from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.limits import NAME_LIMIT, TEXT_LIMIT, refuse_too_long
from holdline.dialogs.text.splitting import clean_name, is_blank

_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_NEVER_LONGER = 1_000_000


def one_line(written: object, *, field: str, limit: int = NAME_LIMIT) -> str:
    """A name: one line of 1 to `limit` units. BadInput names the field."""
    return _within(clean_name(_string(written, field), fallback="", limit=_NEVER_LONGER), field, limit)


def whole_text(written: object, *, field: str, limit: int = TEXT_LIMIT) -> str:
    """A message of 1 to `limit` units; line breaks stay. BadInput names the field."""
    lines = _string(written, field).replace("\r\n", "\n").split("\n")
    return _within("\n".join(without_controls(line) for line in lines).strip(), field, limit)


def without_controls(written: str) -> str:
    """For a search or a cell: replaces every control and direction character by a space and refuses nothing."""
    return "".join(sign if _plain(sign) else " " for sign in written)


def _string(written: object, field: str) -> str:
    if not isinstance(written, str):
        raise BadInput(field, "mends.text")
    return written


def _plain(sign: str) -> bool:
    """Cc are control characters (including NUL), Cs are surrogate halves that no database stores."""
    return unicodedata.category(sign) not in {"Cc", "Cs", "Zl", "Zp"} and sign not in _DIRECTION


def _within(cleaned: str, field: str, limit: int) -> str:
    if is_blank(cleaned):
        raise BadInput(field, "mends.empty")
    refuse_too_long(cleaned, limit, field=field)
    return cleaned
