"""Sentences of our own, and what a command has composed: lists, windows, files."""

from typing import Any

from holdline.dialogs.text.limits import CAPTION_LIMIT, TEXT_LIMIT
from holdline.dialogs.text.richtext import RichText
from holdline.dialogs.text.splitting import split_text, truncate
from holdline.screens.dialog_link import with_topic_links
from holdline.screens.keyboards import inline_keyboard
from holdline.screens.render.keyboards import keyboard, rows_of
from holdline.screens.render.render_context import (
    Params,
    RenderContext,
    language_of,
    render_context_of,
    reply_to,
)
from holdline.screens.render.send_calls import text_call
from holdline.screens.render.standard_messages import (
    current_offers,
    join_paragraphs,
    safe_params,
    sentence_of,
)
from holdline.store.screens import outbox_by_key
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, FileRequest, Skip
from holdline.texts import say


def customer_notice(tx: Tx, item: Row) -> Call | Skip:
    """One of ours, or a standard message with buttons of the moment."""
    payload, scene = item["payload_json"], render_context_of(tx, item)
    more, offered = current_offers(tx, item, payload.get("offered"), scene.language)
    text = join_paragraphs(sentence_of(tx, item, payload["key"], scene.language), *more)
    return _notice_call(
        scene, RichText(text), {**payload, "buttons": [*(payload.get("buttons") or []), *offered]}
    )


def customer_notice_edit(tx: Tx, item: Row) -> Call | Skip:
    """After a press: the message says what is true now; where nothing is to be said, it loses its buttons."""
    payload, language = item["payload_json"], language_of(tx, item)
    more, offered = current_offers(tx, item, payload["offered"], language)
    sentences = [sentence_of(tx, item, key, language) for key in payload["sentences"]] + more
    rows = rows_of([*payload["buttons"], *offered], language)
    params = {
        "chat_id": item["chat_id"],
        "message_id": payload["tg_message_id"],
        "reply_markup": inline_keyboard(rows),
    }
    if not sentences:
        return Call("editMessageReplyMarkup", params)
    if payload["chosen"]:
        sentences.append(f"✔ {rows_of([payload['chosen']], language)[0][0]['text']}")
    return Call("editMessageText", {**params, "text": join_paragraphs(*sentences)})


def desk_notice(tx: Tx, item: Row) -> Call | Skip:
    """For managers, in their language, in the place or the chat it was meant for."""
    scene, payload = render_context_of(tx, item), item["payload_json"]
    buttons = with_topic_links(tx, payload.get("buttons") or [])
    return _notice_call(scene, RichText(_lines(payload, scene.language)), {**payload, "buttons": buttons})


def desk_notice_edit(tx: Tx, item: Row) -> Call | Skip:
    """The message that was said under a key says something else; without buttons it loses those it had."""
    payload, language = item["payload_json"], language_of(tx, item)
    number = outbox_by_key.message_id_of(tx, payload["said_as"])
    if number is None:
        return Skip("there is no message to change")
    rows = rows_of(with_topic_links(tx, payload["buttons"]), language)
    text = truncate(_lines(payload, language), TEXT_LIMIT)
    params = {
        "chat_id": item["chat_id"],
        "message_id": number,
        "text": text,
        "reply_markup": inline_keyboard(rows),
    }
    return Call("editMessageText", params)


def _lines(payload: dict[str, Any], language: str) -> str:
    """The sentence, and those that follow it."""
    lines = [payload, *(payload.get("more") or [])]
    return "\n".join(
        say(line["key"], language, **safe_params(line.get("words") or {}, language)) for line in lines
    )


def text(tx: Tx, item: Row) -> Call | Skip:
    """Composed already; only what does not fit in one message is left for the next page."""
    payload = {
        **item["payload_json"],
        "buttons": with_topic_links(tx, item["payload_json"].get("buttons") or []),
    }
    said = _notice_call(
        render_context_of(tx, item), RichText(payload["text"], tuple(payload.get("entities") or ())), payload
    )
    if isinstance(said, Call) and payload.get("asks_for_reply") and item["chat_id"] > 0:
        said.params["reply_markup"] = {"force_reply": True}  # in a group it would open everybody's field
    return said


def document(tx: Tx, item: Row) -> Call | Skip:
    """A file of our own making, uploaded."""
    scene, payload = render_context_of(tx, item), item["payload_json"]
    caption = payload.get("caption") or ""
    params: Params = {**scene.target(), **({"caption": truncate(caption, CAPTION_LIMIT)} if caption else {})}
    params |= reply_to(payload.get("reply_to_tg_id"))
    return Call("sendDocument", params, {"document": (payload["filename"], payload["content"].encode())})


def report(tx: Tx, item: Row) -> Call | Skip:
    """The file itself is made by the sender: a large one must not hold up the desk's only writer."""
    scene, payload = render_context_of(tx, item), item["payload_json"]
    params: Params = {**scene.target(), "caption": truncate(payload["caption"], CAPTION_LIMIT)}
    return Call("sendDocument", params, order=FileRequest(payload["filename"]))


def _notice_call(scene: RenderContext, words: RichText, payload: dict[str, Any]) -> Call | Skip:
    pieces = split_text(words.text, words.entities)
    part = payload.get("part", 0)
    if part >= len(pieces):
        return Skip("the text ended in an earlier part")
    quoted = reply_to(payload.get("reply_to_tg_id"))
    return text_call(scene, RichText(*pieces[part]), quoted, keyboard(payload.get("buttons"), scene.language))
