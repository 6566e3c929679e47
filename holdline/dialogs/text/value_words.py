"""A dialog's values for display: the system's names are translated, the desk's own stay as written."""

from typing import Any

from holdline.dialogs.dialog import CLOSED_STAGE, FIRST_STAGE, HANDLING_STAGE, REVIEW_STAGE
from holdline.texts import say

_STAGES = {FIRST_STAGE: "new", HANDLING_STAGE: "handling", REVIEW_STAGE: "review", CLOSED_STAGE: "closed"}


def stage_words(name: str, language: str) -> str:
    return say(f"cards.stage_{_STAGES[name]}", language) if name in _STAGES else name


def priority_words(name: str, language: str) -> str:
    return say(f"cards.priority_{name}", language)


def own_value_words(value: Any, language: str) -> str:
    """The value of a desk field."""
    if isinstance(value, bool):
        return say("templates.yes" if value else "templates.no", language)
    return str(value)
