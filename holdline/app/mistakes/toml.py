"""What is wrong in a file that is no TOML, in the words of somebody who has never read about TOML."""

import re
import tomllib
from dataclasses import dataclass
from typing import Any

KEY = re.compile(r"""\s*["']?([A-Za-z0-9_.-]+)["']?\s*=""")
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_MOST = 20
_WORDS = (
    ("Cannot overwrite a value", "this key is there twice: delete one of the two"),
    ("Duplicate inline table key", "this key is there twice: delete one of the two"),
    ("Cannot declare", "this section is there twice: put all of its keys below one [section] line"),
    ("Expected '=' after a key", "write KEY = VALUE with an equals sign, and # before a remark"),
    ("Expected ']", "close the name of the section with ], such as [telegram]"),
    ("Unclosed array", "close the list with ]"),
    ("Unterminated string", "close the text with a second quote of the same kind"),
    (r"Illegal character '\n'", "close the text with a quote in the same line"),
    ("Illegal character", "delete the invisible character in this line"),
    ("Expected \"'", "close the text with a second quote of the same kind"),
    ("Unescaped", "write \\\\ for a backslash, or put the text in single quotes"),
    ("Invalid hex value", "write \\\\ for a backslash, or put the text in single quotes"),
    ("Escaped character", "write \\\\ for a backslash, or put the text in single quotes"),
    ("Expected newline", "write one KEY = VALUE in a line, with a text in quotes"),
    ("Invalid value", "write a text in quotes, a whole number, or true or false"),
    ("Invalid date", "write a text in quotes, a whole number, or true or false"),
    ("Found invalid character", "a name of a section has letters, digits, _ and - only"),
    ("Invalid statement", "write KEY = VALUE, a [section], or # before a remark"),
    ("Invalid initial character", "write KEY = VALUE, a [section], or # before a remark"),
)
_OTHERWISE = "write KEY = VALUE, a [section], or # before a remark"


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """`number` counts from 1; None if it is the whole file. `words` say what to write instead."""

    number: int | None
    words: str


def parse_toml(text: str) -> tuple[dict[str, Any], list[BrokenLine]]:
    """What the file says without its broken lines, and these lines.

    The search ends at a broken line that is no KEY = VALUE of its own, because what follows may belong to it.
    """
    lines, broken = text.splitlines(), list[BrokenLine]()
    while True:
        try:
            return tomllib.loads("\n".join(lines) + "\n"), broken
        except (ValueError, RecursionError) as refused:
            broken.append(found := _line_of(refused, len(lines)))
            if not found.number or len(broken) == _MOST or not _stands_alone(lines[found.number - 1]):
                return {}, broken
            lines[found.number - 1] = ""


def say_broken(broken: list[BrokenLine]) -> str:
    """All of them, such as `line 3: close the list with ]; line 5: close the text with a second quote`."""
    return "; ".join(f"line {one.number}: {one.words}" if one.number else one.words for one in broken)


def _line_of(refused: Exception, count: int) -> BrokenLine:
    place = _PLACE.search(str(refused))
    if place is None:  # a number of thousands of digits, or thousands of brackets
        return BrokenLine(None, "a number is too long, or too many brackets are open: correct it")
    words = next((words for begins, words in _WORDS if str(refused).startswith(begins)), _OTHERWISE)
    number = min(int(place[1]), count) if place[1] else count
    return BrokenLine(number or None, words)


def _stands_alone(line: str) -> bool:
    return bool(KEY.match(line)) and not line.rstrip().endswith(("[", ",", '"""', "'''", "{"))
