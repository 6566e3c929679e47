"""The standard messages of the bot to customers: which there are, and how the desk may rewrite them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holdline.dialogs.dialog import TITLE_LIMIT
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.rules import DeskRules
from holdline.dialogs.text.choices import require_one_of
from holdline.dialogs.text.limits import BUTTON_TEXT_LIMIT, TEXT_LIMIT, refuse_too_long
from holdline.dialogs.text.wording import one_line, whole_text
from holdline.texts import LANGUAGES, say

NAMES = (
    "greeting",
    "help",
    "language_chosen",
    "marketing_stopped",
    "dialog_opened",
    "dialog_closed",
    "rating_request",
    "rating_thanks",
    "rating_too_late",
    "away",
    "silence_warning",
)
WITH_BUTTONS = {"rating_request": 3}  # exactly: the answers are 1, 2, 3 by position (L-60, L-62)
WORDS = {"id": "12", "title": "Delivery", "name": "Anna", "language": "English", "hours": "24"}
"""The variables that may be used in braces, with sample values for a preview."""
SWITCHES = {"dialog_opened": "announce_opened", "dialog_closed": "announce_closed"}
"""Messages that customers get only if this key of [desk] is true."""
LONGEST_WORD = 2 * TITLE_LIMIT + 2  # units; older titles were limited in characters
_WORD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class StandardMessage:
    """`text` may hold variables in braces. `changed` is True if the desk rewrote the default."""

    name: str
    language: str
    text: str
    buttons: tuple[str, ...]
    changed: bool

    def fill(self, words: Mapping[str, object]) -> str:
        """Replaces known variables. Anything else in braces stays as typed."""
        return _WORD.sub(lambda match: str(words.get(match[1], match[0])), self.text)


def is_switched_on(rules: DeskRules, name: str) -> bool:
    """Whether customers get this message at all."""
    switch = SWITCHES.get(name)
    return switch is None or bool(getattr(rules, switch))


def default_message(name: str, language: str) -> StandardMessage:
    """The message before the desk rewrites it."""
    words: dict[str, Any] = {word: f"{{{word}}}" for word in WORDS}
    buttons = tuple(
        say(f"standard.{name}_button_{at}", language) for at in range(1, WITH_BUTTONS.get(name, 0) + 1)
    )
    return StandardMessage(name, language, say(f"standard.{name}", language, **words), buttons, changed=False)


def rewrite_message(before: StandardMessage, text: str, buttons: Sequence[str] | None) -> StandardMessage:
    """The rewritten message; `buttons` None keeps the captions. Raises BadInput if the text could become longer than
    one message once its variables are filled in.
    """
    captions = before.buttons if buttons is None else _captions(before.name, buttons)
    wording = StandardMessage(
        before.name, before.language, whole_text(text, field="text"), captions, changed=True
    )
    longest = wording.fill(dict.fromkeys(WORDS, "W" * LONGEST_WORD))
    refuse_too_long(longest, TEXT_LIMIT, field="text")
    return wording


def valid_name(name: str) -> str:
    if name not in NAMES:
        raise BadInput("name", "mends.standard_name", choices=", ".join(NAMES))
    return name


def valid_language(language: str) -> str:
    return require_one_of(language, LANGUAGES, field="language")


def _captions(name: str, buttons: Sequence[str]) -> tuple[str, ...]:
    wanted = WITH_BUTTONS.get(name, 0)
    if isinstance(buttons, str) or len(buttons) != wanted:
        count = 1 if isinstance(buttons, str) else len(buttons)
        raise BadInput("buttons", "mends.three_buttons" if wanted else "mends.no_buttons", count=count)
    captions = tuple(one_line(caption, field="buttons", limit=BUTTON_TEXT_LIMIT) for caption in buttons)
    if len({caption.casefold() for caption in captions}) < wanted:
        raise BadInput("buttons", "mends.different_buttons")
    return captions
