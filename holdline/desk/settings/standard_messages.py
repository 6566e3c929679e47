"""The bot's own messages to customers, which the desk may rewrite per language (L-61, L-64)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from holdline.desk.people.managers import require_permission
from holdline.dialogs import standard_message as rules
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act
from holdline.dialogs.standard_message import StandardMessage
from holdline.store.people import admin_log
from holdline.store.screens import standard_messages
from holdline.store.tx import Tx
from holdline.texts import LANGUAGES


def standard_message(
    tx: Tx, *, name: str, language: str, words: Mapping[str, object] | None = None
) -> tuple[str, tuple[str, ...]]:
    """The text and captions as the customer gets them. Only reads, so it may be used while rendering."""
    stored = standard_message_as_written(tx, name=name, language=language)
    return stored.fill(words or {}), stored.buttons


def standard_message_as_written(tx: Tx, *, name: str, language: str) -> StandardMessage:
    """The message with its variables in braces, as a form edits it; an unknown language gets the default one."""
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    default = rules.default_message(rules.valid_name(name), spoken)
    own = standard_messages.find(tx, name, spoken)
    if own is None:
        return default
    buttons = tuple(own["buttons_json"]) if own["buttons_json"] is not None else default.buttons
    return StandardMessage(name, spoken, own["text"], buttons, changed=True)


def standard_messages_page(tx: Tx, *, language: str) -> list[StandardMessage]:
    """All standard messages in one language, for the settings."""
    return [standard_message_as_written(tx, name=name, language=language) for name in rules.NAMES]


def preview_standard_message(
    tx: Tx, *, name: str, language: str, text: str | None = None, buttons: Sequence[str] | None = None
) -> tuple[str, tuple[str, ...]]:
    """What a customer would see, with sample values for the variables; `text` and `buttons` are those not saved yet."""
    now = standard_message_as_written(tx, name=name, language=language)
    preview = now if text is None else rules.rewrite_message(now, text, buttons)
    return preview.fill(rules.WORDS), preview.buttons


def set_standard_message(
    tx: Tx,
    *,
    manager: Manager | None,
    name: str,
    language: str,
    text: str,
    buttons: Sequence[str] | None = None,
) -> StandardMessage:
    """Stores the desk's own wording; `buttons` None keeps the captions."""
    require_permission(tx, manager, Act.EDIT_MESSAGES)
    before = standard_message_as_written(tx, name=name, language=rules.valid_language(language))
    after = rules.rewrite_message(before, text, buttons)
    standard_messages.put(tx, name, language, text=after.text, buttons=after.buttons or None)
    _log(tx, manager, before, after)
    return after


def reset_standard_message(tx: Tx, *, manager: Manager | None, name: str, language: str) -> StandardMessage:
    """Restores the default; doing it again changes nothing."""
    require_permission(tx, manager, Act.EDIT_MESSAGES)
    before = standard_message_as_written(tx, name=name, language=rules.valid_language(language))
    after = rules.default_message(name, language)
    if standard_messages.delete(tx, name, language):
        _log(tx, manager, before, after)
    return after


def _log(tx: Tx, manager: Manager | None, before: StandardMessage, after: StandardMessage) -> None:
    about = f"standard_message:{after.name}:{after.language}"
    admin_log.add(
        tx, manager, "standard_message_changed", about=about, before=asdict(before), after=asdict(after)
    )
