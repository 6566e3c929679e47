"""Standard messages: texts that the desk may write itself."""

from typing import Any

from holdline.desk.customers.buttons import offered_now
from holdline.desk.settings.standard_messages import standard_message
from holdline.dialogs.text.limits import TEXT_LIMIT, fits
from holdline.dialogs.text.richtext import Rich
from holdline.dialogs.text.splitting import inline
from holdline.screens.render.keyboards import keyboard
from holdline.screens.render.render_context import customer_of, scene_of
from holdline.screens.render.send_calls import text_call
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip
from holdline.texts import say

STRANGERS = frozenset(
    {"name", "title", "customer", "manager", "by", "who", "assignee", "before", "after", "quoted"}
)
"""Words that somebody else chose: shown as they are, never as a command to tap."""

LANGUAGE_NAMES = {"en": "English", "ru": "русский", "pl": "polski"}


def standard(tx: Tx, item: Row) -> Call | Skip:
    """In the customer's language; the desk's own words where it wrote some."""
    scene, name = scene_of(tx, item), item["payload_json"]["name"]
    more, buttons = offered_with(tx, item, name if name == "greeting" else None, scene.language)
    text = paragraphs(spoken(tx, item, f"standard.{name}", scene.language), *more)
    return text_call(scene, Rich(text), keyboard(buttons, scene.language))


def spoken(tx: Tx, item: Row, key: str, language: str) -> str:
    """A sentence of ours in the customer's language; a standard message in the desk's own words where it wrote some."""
    domain, _, name = key.partition(".")
    if domain == "standard":
        words = words_of(tx, item, language)
        return standard_message(tx, name=name, language=language, words=words)[0]
    return say(key, language, **shown_words(item["payload_json"].get("words") or {}, language))


def shown_words(words: dict[str, Any], language: str) -> dict[str, Any]:
    """What strangers chose is made safe to show; a word with a key of its own is said in the reader's language."""
    return {name: _shown_word(name, word, language) for name, word in words.items()}


def _shown_word(name: str, word: Any, language: str) -> Any:
    if isinstance(word, dict):
        return say(word["key"], language, **shown_words(word.get("words") or {}, language))
    return inline(word) if name in STRANGERS and isinstance(word, str) else word


def offered_with(
    tx: Tx, item: Row, name: str | None, language: str
) -> tuple[list[str], list[list[dict[str, Any]]]]:
    """What the greeting or the help offers at this moment, in words and buttons; nothing with any other sentence."""
    if name is None or item["customer_id"] is None:
        return [], []
    keys, buttons = offered_now(tx, item["customer_id"], name)
    return [say(key, language) for key in keys], buttons


def paragraphs(first: str, *more: str) -> str:
    """With a blank line between them; one that Telegram would not take in the same message is left to the buttons."""
    text = first
    for one in more:
        longer = f"{text}\n\n{one}"
        text = longer if fits(longer, TEXT_LIMIT) else text
    return text


def words_of(tx: Tx, item: Row, language: str) -> dict[str, Any]:
    """What a standard message may name; strangers' words are made safe to show."""
    customer = customer_of(tx, item)
    known = {"name": customer.name if customer else "", "language": LANGUAGE_NAMES.get(language, language)}
    given = {**known, "id": item["dialog_id"] or "", **(item["payload_json"].get("words") or {})}
    return {name: inline(str(word)) for name, word in given.items()}
