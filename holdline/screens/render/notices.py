"""Sentences of our own, and what a command has composed: lists, windows, files."""

from typing import Any

from holdline.dialogs.text.limits import CAPTION_LIMIT, TEXT_LIMIT
from holdline.dialogs.text.richtext import Rich
from holdline.dialogs.text.splitting import capped, split_text
from holdline.screens.dialog_link import linked
from holdline.screens.keyboards import markup
from holdline.screens.render.keyboards import keyboard, rows_of
from holdline.screens.render.render_context import Params, Scene, language_of, reply_to, scene_of
from holdline.screens.render.send_calls import text_call
from holdline.screens.render.standard_messages import offered_with, paragraphs, shown_words, spoken
from holdline.store.screens import outbox_by_key
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, FileOrder, Skip
from holdline.texts import say


def customer_notice(tx: Tx, item: Row) -> Call | Skip:
    """One of ours, or a standard message with buttons of the moment."""
    payload, scene = item["payload_json"], scene_of(tx, item)
    more, offered = offered_with(tx, item, payload.get("offered"), scene.language)
    text = paragraphs(spoken(tx, item, payload["key"], scene.language), *more)
    return _said(scene, Rich(text), {**payload, "buttons": [*(payload.get("buttons") or []), *offered]})


def customer_notice_edit(tx: Tx, item: Row) -> Call | Skip:
    """After a press: the message says what is true now; where nothing is to be said, it loses its buttons."""
    payload, language = item["payload_json"], language_of(tx, item)
    more, offered = offered_with(tx, item, payload["offered"], language)
    sentences = [spoken(tx, item, key, language) for key in payload["sentences"]] + more
    rows = rows_of([*payload["buttons"], *offered], language)
    params = {
        "chat_id": item["chat_id"],
        "message_id": payload["tg_message_id"],
        "reply_markup": markup(rows),
    }
    if not sentences:
        return Call("editMessageReplyMarkup", params)
    if payload["chosen"]:
        sentences.append(f"✔ {rows_of([payload['chosen']], language)[0][0]['text']}")
    return Call("editMessageText", {**params, "text": paragraphs(*sentences)})


def desk_notice(tx: Tx, item: Row) -> Call | Skip:
    """For managers, in their language, in the place or the chat it was meant for."""
    scene, payload = scene_of(tx, item), item["payload_json"]
    buttons = linked(tx, payload.get("buttons") or [])
    return _said(scene, Rich(_lines(payload, scene.language)), {**payload, "buttons": buttons})


def desk_notice_edit(tx: Tx, item: Row) -> Call | Skip:
    """The message that was said under a key says something else; without buttons it loses those it had."""
    payload, language = item["payload_json"], language_of(tx, item)
    number = outbox_by_key.number_of(tx, payload["said_as"])
    if number is None:
        return Skip("there is no message to change")
    rows = rows_of(linked(tx, payload["buttons"]), language)
    text = capped(_lines(payload, language), TEXT_LIMIT)
    params = {"chat_id": item["chat_id"], "message_id": number, "text": text, "reply_markup": markup(rows)}
    return Call("editMessageText", params)


def _lines(payload: dict[str, Any], language: str) -> str:
    """The sentence, and those that follow it."""
    lines = [payload, *(payload.get("more") or [])]
    return "\n".join(
        say(line["key"], language, **shown_words(line.get("words") or {}, language)) for line in lines
    )


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
