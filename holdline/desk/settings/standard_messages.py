"""What the bot itself says to customers, as the desk may rewrite it per language (L-61, L-64)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from holdline.desk.people.managers import require_permission
from holdline.dialogs.dialog import TITLE_LIMIT
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.rules import DeskRules
from holdline.dialogs.text.limits import BUTTON_TEXT_LIMIT, TEXT_LIMIT
from holdline.dialogs.text.wording import one_line, refuse_too_long, whole_text
from holdline.store.people import admin_log
from holdline.store.screens import standard_messages
from holdline.store.tx import Tx
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
)
WITH_BUTTONS = {"rating_request": 3}  # exactly: the answers are 1, 2, 3 by position (L-60, L-62)
WORDS = {"id": "12", "title": "Delivery", "name": "Anna", "language": "English"}
"""What may stand in braces, with the sample that a preview shows."""

_EDIT = "messages.edit"
_WORD = re.compile(r"\{(\w+)\}")
LONGEST_WORD = 2 * TITLE_LIMIT + 2  # units; titles from before were counted in characters


SWITCHES = {"dialog_opened": "announce_opened", "dialog_closed": "announce_closed"}
"""Messages that customers get only where this key of [desk] is true."""


@dataclass(frozen=True, slots=True)
class StandardMessage:
    """`text` may hold words in braces; `changed` tells the desk's own wording from the default."""

    name: str
    language: str
    text: str
    buttons: tuple[str, ...]
    changed: bool

    def fill(self, words: Mapping[str, object]) -> str:
        """Known words take their place; anything else in braces stays as somebody typed it."""
        return _WORD.sub(lambda match: str(words.get(match[1], match[0])), self.text)


def standard_message(
    tx: Tx, *, name: str, language: str, words: Mapping[str, object] | None = None
) -> tuple[str, tuple[str, ...]]:
    """Text and captions as the customer gets them; only reads, so a render may ask."""
    stored = standard_message_as_written(tx, name=name, language=language)
    return stored.fill(words or {}), stored.buttons


def standard_message_as_written(tx: Tx, *, name: str, language: str) -> StandardMessage:
    """With its braces, as a form edits it; an unknown language is answered in the default one."""
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    default = _default(_valid_name(name), spoken)
    own = standard_messages.find(tx, name, spoken)
    if own is None:
        return default
    buttons = tuple(own["buttons_json"]) if own["buttons_json"] is not None else default.buttons
    return StandardMessage(name, spoken, own["text"], buttons, changed=True)


def is_switched_on(rules: DeskRules, name: str) -> bool:
    """Whether customers get it at all, whatever it says."""
    switch = SWITCHES.get(name)
    return switch is None or bool(getattr(rules, switch))


def standard_messages_page(tx: Tx, *, language: str) -> list[StandardMessage]:
    """All of them in one language, for the settings."""
    return [standard_message_as_written(tx, name=name, language=language) for name in NAMES]


def preview_standard_message(
    tx: Tx, *, name: str, language: str, text: str | None = None, buttons: Sequence[str] | None = None
) -> tuple[str, tuple[str, ...]]:
    """What a customer would see, with samples for the words; `text` and `buttons` are those not saved yet."""
    now = standard_message_as_written(tx, name=name, language=language)
    preview = now if text is None else _rewrite(now, text, buttons)
    return preview.fill(WORDS), preview.buttons


def set_standard_message(
    tx: Tx,
    *,
    manager: Manager | None,
    name: str,
    language: str,
    text: str,
    buttons: Sequence[str] | None = None,
) -> StandardMessage:
    """The desk's own wording from now on; `buttons` None keeps the captions as they are."""
    require_permission(tx, manager, _EDIT)
    before = standard_message_as_written(tx, name=name, language=_valid_language(language))
    after = _rewrite(before, text, buttons)
    standard_messages.put(tx, name, language, text=after.text, buttons=after.buttons or None)
    _log(tx, manager, before, after)
    return after


def reset_standard_message(tx: Tx, *, manager: Manager | None, name: str, language: str) -> StandardMessage:
    """Back to the default; a second time changes nothing."""
    require_permission(tx, manager, _EDIT)
    before = standard_message_as_written(tx, name=name, language=_valid_language(language))
    after = _default(name, language)
    if standard_messages.delete(tx, name, language):
        _log(tx, manager, before, after)
    return after


def _rewrite(before: StandardMessage, text: str, buttons: Sequence[str] | None) -> StandardMessage:
    captions = before.buttons if buttons is None else _captions(before.name, buttons)
    wording = StandardMessage(
        before.name, before.language, whole_text(text, field="text"), captions, changed=True
    )
    longest = wording.fill(dict.fromkeys(WORDS, "W" * LONGEST_WORD))
    # It leaves as one message, whatever the words turn out to be.
    refuse_too_long(longest, TEXT_LIMIT, field="text")
    return wording


def _captions(name: str, buttons: Sequence[str]) -> tuple[str, ...]:
    wanted = WITH_BUTTONS.get(name, 0)
    if isinstance(buttons, str) or len(buttons) != wanted:
        count = 1 if isinstance(buttons, str) else len(buttons)
        raise BadInput("buttons", "mends.three_buttons" if wanted else "mends.no_buttons", count=count)
    captions = tuple(one_line(caption, field="buttons", limit=BUTTON_TEXT_LIMIT) for caption in buttons)
    if len({caption.casefold() for caption in captions}) < wanted:
        raise BadInput("buttons", "mends.different_buttons")
    return captions


def _default(name: str, language: str) -> StandardMessage:
    words: dict[str, Any] = {word: f"{{{word}}}" for word in WORDS}
    buttons = tuple(
        say(f"standard.{name}_button_{at}", language) for at in range(1, WITH_BUTTONS.get(name, 0) + 1)
    )
    return StandardMessage(name, language, say(f"standard.{name}", language, **words), buttons, changed=False)


def _valid_name(name: str) -> str:
    if name not in NAMES:
        raise BadInput("name", "mends.standard_name", choices=", ".join(NAMES))
    return name


def _valid_language(language: str) -> str:
    if language not in LANGUAGES:
        raise BadInput("language", "mends.one_of", choices=", ".join(LANGUAGES))
    return language


def _log(tx: Tx, manager: Manager | None, before: StandardMessage, after: StandardMessage) -> None:
    about = f"standard_message:{after.name}:{after.language}"
    admin_log.add(
        tx, manager, "standard_message_changed", about=about, before=asdict(before), after=asdict(after)
    )
