"""Standard messages: texts that the desk may write itself, with their buttons."""

from typing import Any

from holdline.bot.render.keyboards import keyboard
from holdline.bot.render.saying import text_call
from holdline.bot.render.scene import scene_of
from holdline.desk.standard_messages import standard_message
from holdline.dialogs.call import Call, Skip
from holdline.dialogs.richtext import Rich
from holdline.dialogs.text import inline
from holdline.store import dialogs
from holdline.store.tx import Row, Tx


def standard(tx: Tx, item: Row) -> Call | Skip:
    """In the customer's language; the desk's own words where it wrote some."""
    scene, payload = scene_of(tx, item), item["payload_json"]
    text, buttons = standard_message(tx, name=payload["name"], language=scene.language)
    rows = [*(_pressable(buttons)), *_solved(tx, item, payload["name"])]
    return text_call(scene, Rich(filled(text, payload.get("words") or {})), keyboard(rows, scene.language))


def filled(text: str, words: dict[str, Any]) -> str:
    """`{word}` where we know the word; any other brace stays as it was written."""
    for name, word in words.items():
        text = text.replace("{" + name + "}", inline(str(word)))
    return text


def captions_of(buttons: Any) -> list[str]:
    """The captions in reading order, however the buttons were grouped."""
    if isinstance(buttons, dict):
        return [str(buttons.get("text", ""))]
    if isinstance(buttons, str):
        return [buttons]
    return [caption for button in buttons or () for caption in captions_of(button)]


def _pressable(buttons: Any) -> list[Any]:
    rows = [row if isinstance(row, list) else [row] for row in buttons or ()]
    return [row for row in rows if all(isinstance(button, dict) for button in row)]


def _solved(tx: Tx, item: Row, name: str) -> list[Any]:
    """Who comes back by /start while their case is open finds the way to say that it is solved."""
    if name != "greeting" or item["customer_id"] is None:
        return []
    active = dialogs.active_id(tx, item["customer_id"])
    return [[{"key": "customer.solved_button", "data": f"solved:{active}"}]] if active else []
