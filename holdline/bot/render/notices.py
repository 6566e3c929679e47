"""Sentences of our own, and what a command has composed: lists, windows, files."""

from typing import Any

from holdline.bot.render.keyboards import keyboard
from holdline.bot.render.saying import text_call
from holdline.bot.render.scene import Params, Scene, reply_to, scene_of
from holdline.bot.render.standard import words_of
from holdline.bot.windows.arrival import linked
from holdline.desk.standard_messages import standard_message
from holdline.dialogs.call import Call, FileOrder, Skip
from holdline.dialogs.limits import CAPTION_LIMIT
from holdline.dialogs.richtext import Rich
from holdline.dialogs.text import capped, inline, split_text
from holdline.store.tx import Row, Tx
from holdline.texts import say

STRANGERS = frozenset({"name", "title", "customer", "manager", "by", "who", "assignee", "before", "after"})
"""Words that somebody else chose: shown as they are, never as a command to tap."""


def customer_notice(tx: Tx, item: Row) -> Call | Skip:
    """One of ours, or a standard message with buttons of the moment."""
    payload = item["payload_json"]
    domain, _, name = payload["key"].partition(".")
    if domain != "standard":
        return _sentence(tx, item)
    scene = scene_of(tx, item)
    words = words_of(tx, item, scene.language)
    spoken, _ = standard_message(tx, name=name, language=scene.language, words=words)
    return _said(scene, Rich(spoken), payload)


def desk_notice(tx: Tx, item: Row) -> Call | Skip:
    """For managers, in their language, in the place or the chat it was meant for."""
    return _sentence(tx, item)


def _sentence(tx: Tx, item: Row) -> Call | Skip:
    scene, payload = scene_of(tx, item), item["payload_json"]
    words = {name: _shown(name, word) for name, word in (payload.get("words") or {}).items()}
    buttons = linked(tx, payload.get("buttons") or [])
    return _said(scene, Rich(say(payload["key"], scene.language, **words)), {**payload, "buttons": buttons})


def text(tx: Tx, item: Row) -> Call | Skip:
    """Composed already; only what does not fit in one message is left for the next page."""
    payload = {**item["payload_json"], "buttons": linked(tx, item["payload_json"].get("buttons") or [])}
    said = _said(scene_of(tx, item), Rich(payload["text"], tuple(payload.get("entities") or ())), payload)
    if isinstance(said, Call) and payload.get("asks_for_reply") and item["chat_id"] > 0:
        said.params["reply_markup"] = {"force_reply": True}  # in a group it would open everybody's field
    return said


def document(tx: Tx, item: Row) -> Call | Skip:
    """A file of our own making, uploaded."""
    scene, payload = scene_of(tx, item), item["payload_json"]
    caption = payload.get("caption") or ""
    params: Params = {**scene.target(), **({"caption": capped(caption, CAPTION_LIMIT)} if caption else {})}
    params |= reply_to(payload.get("reply_to_tg_id"))
    return Call("sendDocument", params, {"document": (payload["filename"], payload["content"].encode())})


def report(tx: Tx, item: Row) -> Call | Skip:
    """The file itself is made by the sender: a large one must not hold up the desk's only writer."""
    scene, payload = scene_of(tx, item), item["payload_json"]
    params: Params = {**scene.target(), "caption": capped(payload["caption"], CAPTION_LIMIT)}
    return Call("sendDocument", params, order=FileOrder(payload["filename"]))


def _said(scene: Scene, words: Rich, payload: dict[str, Any]) -> Call | Skip:
    pieces = split_text(words.text, words.entities)
    part = payload.get("part", 0)
    if part >= len(pieces):
        return Skip("the text ended in an earlier part")
    quoted = reply_to(payload.get("reply_to_tg_id"))
    return text_call(scene, Rich(*pieces[part]), quoted, keyboard(payload.get("buttons"), scene.language))


def _shown(name: str, word: Any) -> Any:
    return inline(word) if name in STRANGERS and isinstance(word, str) else word
