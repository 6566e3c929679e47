"""Standard messages: texts that the desk may rewrite."""

from typing import Any

from holdline.desk.customers.buttons import current_extras
from holdline.desk.settings.standard_messages import standard_message
from holdline.dialogs.outbox.messages import StandardText
from holdline.dialogs.text.limits import TEXT_LIMIT, fits
from holdline.dialogs.text.richtext import RichText
from holdline.dialogs.text.splitting import inline
from holdline.screens.render.keyboards import keyboard
from holdline.screens.render.render_context import customer_of, render_context_of
from holdline.screens.render.send_calls import text_call
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip
from holdline.texts import say

UNTRUSTED_PARAMS = frozenset(
    {"name", "title", "customer", "manager", "by", "who", "assignee", "before", "after", "quoted"}
)
"""Parameters chosen by other people. They are shown as text and cannot form a command."""

LANGUAGE_NAMES_IN_SENTENCE = {"en": "English", "ru": "русский", "pl": "polski"}


def standard(tx: Tx, item: Row, item_text: StandardText) -> Call | Skip:
    """In the customer's language, with the desk's own wording if there is one."""
    context, name = render_context_of(tx, item), item_text.name
    more, buttons = current_offers(tx, item, name if name == "greeting" else None, context.language)
    text = join_paragraphs(sentence_of(tx, item, f"standard.{name}", context.language), *more)
    return text_call(context, RichText(text), keyboard(buttons, context.language))


def sentence_of(tx: Tx, item: Row, key: str, language: str) -> str:
    """One of our sentences in the customer's language. For a standard message, the desk's own wording if it has one."""
    domain, _, name = key.partition(".")
    if domain == "standard":
        words = params_of(tx, item, language)
        return standard_message(tx, name=name, language=language, words=words)[0]
    return say(key, language, **safe_params(item["payload_json"].get("words") or {}, language))


def safe_params(words: dict[str, Any], language: str) -> dict[str, Any]:
    """Makes untrusted values safe to show. A value with a text key is translated for the reader."""
    return {name: _safe_param(name, word, language) for name, word in words.items()}


def _safe_param(name: str, word: Any, language: str) -> Any:
    if isinstance(word, dict):
        return say(word["key"], language, **safe_params(word.get("words") or {}, language))
    return inline(word) if name in UNTRUSTED_PARAMS and isinstance(word, str) else word


def current_offers(
    tx: Tx, item: Row, name: str | None, language: str
) -> tuple[list[str], list[list[dict[str, Any]]]]:
    """What the greeting or the help offers now, as texts and buttons; empty for all other sentences."""
    if name is None or item["customer_id"] is None:
        return [], []
    keys, buttons = current_extras(tx, item["customer_id"], name)
    return [say(key, language) for key in keys], buttons


def join_paragraphs(first: str, *more: str) -> str:
    """The paragraphs with blank lines between them. A paragraph that does not fit into the message is left out."""
    text = first
    for paragraph in more:
        longer = f"{text}\n\n{paragraph}"
        text = longer if fits(longer, TEXT_LIMIT) else text
    return text


def params_of(tx: Tx, item: Row, language: str) -> dict[str, Any]:
    """The variables of a standard message; untrusted values are made safe to show."""
    customer = customer_of(tx, item)
    usual = {
        "name": customer.name if customer else "",
        "language": LANGUAGE_NAMES_IN_SENTENCE.get(language, language),
    }
    params = {**usual, "id": item["dialog_id"] or "", **(item["payload_json"].get("words") or {})}
    return {name: inline(str(word)) for name, word in params.items()}
