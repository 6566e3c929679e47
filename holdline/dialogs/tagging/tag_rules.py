"""Rules that tag a dialog at its close: words that begin with a keyword, or an expression."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from holdline.dialogs.text.patterns import ONE_REGEX_SECONDS, search, words_in

ALL_RULES_SECONDS = 0.2
"""The time limit for all expressions together."""


@dataclass(frozen=True, slots=True)
class TagRule:
    """It matches if a word of `any_of` is in the text, or the expression matches."""

    id: int
    tag_id: int
    tag: str
    any_of: tuple[str, ...] = ()
    regex: str | None = None
    corrected: int = 0
    """How often people removed its tag after the rule had set it."""
    enabled: bool = True


def find_fitting(rules: Sequence[TagRule], text: str) -> list[TagRule]:
    """The rules that match. An expression that times out does not match."""
    words, ends_at = words_in(text), time.monotonic() + ALL_RULES_SECONDS
    return [rule for rule in rules if _fits(rule, text, words, ends_at=ends_at)]


def read_rule_line(line: str) -> dict[str, Any]:
    """A rule as a manager types it: “money back, refund” are words, “/inv-\\d+/” is an expression."""
    line = line.strip()
    if len(line) > 2 and line.startswith("/") and line.endswith("/"):
        return {"any_of": [], "regex": line[1:-1]}
    return {"any_of": [word.strip() for word in line.split(",") if word.strip()], "regex": None}


def rule_line(rule: TagRule) -> str:
    """The rule as it would be typed. A rule from the API may have both words and an expression."""
    return ", ".join([*rule.any_of, *([f"/{rule.regex}/"] if rule.regex is not None else [])])


def _fits(rule: TagRule, text: str, words: str, *, ends_at: float) -> bool:
    if any(words_in(word) in words for word in rule.any_of):
        return True
    seconds = min(ONE_REGEX_SECONDS, ends_at - time.monotonic())
    return rule.regex is not None and seconds > 0 and bool(search(rule.regex, text, seconds=seconds))
