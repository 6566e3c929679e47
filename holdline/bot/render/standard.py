"""Standard messages: texts that the desk may write itself."""

from typing import Any

from holdline.bot.render.keyboards import keyboard
from holdline.bot.render.saying import text_call
from holdline.bot.render.scene import customer_of, scene_of
from holdline.desk.standard_messages import standard_message
from holdline.dialogs.call import Call, Skip
from holdline.dialogs.richtext import Rich
from holdline.dialogs.text import inline
from holdline.store import dialogs
from holdline.store.tx import Row, Tx

LANGUAGE_NAMES = {"en": "English", "ru": "русский", "pl": "polski"}


def standard(tx: Tx, item: Row) -> Call | Skip:
    """In the customer's language; the desk's own words where it wrote some."""
    scene, name = scene_of(tx, item), item["payload_json"]["name"]
    text, _ = standard_message(
        tx, name=name, language=scene.language, words=words_of(tx, item, scene.language)
    )
    return text_call(scene, Rich(text), keyboard(_solved(tx, item, name), scene.language))


def words_of(tx: Tx, item: Row, language: str) -> dict[str, Any]:
    """What a standard message may name; strangers' words are made safe to show."""
    customer = customer_of(tx, item)
    known = {"name": customer.name if customer else "", "language": LANGUAGE_NAMES.get(language, language)}
    given = {**known, "id": item["dialog_id"] or "", **(item["payload_json"].get("words") or {})}
    return {name: inline(str(word)) for name, word in given.items()}


def _solved(tx: Tx, item: Row, name: str) -> list[Any]:
    """Who comes back by /start while their case is open finds the way to say that it is solved."""
    if name != "greeting" or item["customer_id"] is None:
        return []
    active = dialogs.active_id(tx, item["customer_id"])
    return [[{"key": "customer.solved_button", "data": f"solved:{active}"}]] if active else []
