"""Our own sentences, and texts composed by commands: lists, windows, files."""

from holdline.dialogs.outbox.changes import CustomerNoticeEdit, DeskNoticeEdit
from holdline.dialogs.outbox.item import Rows
from holdline.dialogs.outbox.messages import BotText, CustomerNotice, DeskNotice, Document
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
from holdline.telegram.call import Call, Skip
from holdline.texts import say


def customer_notice(tx: Tx, item: Row, notice: CustomerNotice) -> Call | Skip:
    """One of our sentences, or a standard message with the buttons of the moment."""
    context = render_context_of(tx, item)
    more, offered = current_offers(tx, item, notice.offered, context.language)
    text = join_paragraphs(sentence_of(tx, item, notice.key, context.language), *more)
    return _notice_call(context, RichText(text), [*(notice.buttons or []), *offered], notice.reply_to_tg_id)


def customer_notice_edit(tx: Tx, item: Row, edit: CustomerNoticeEdit) -> Call | Skip:
    """The state after a press. If there is nothing to say, only the buttons are removed."""
    language = language_of(tx, item)
    more, offered = current_offers(tx, item, edit.offered, language)
    sentences = [sentence_of(tx, item, key, language) for key in edit.sentences] + more
    rows = rows_of([*edit.buttons, *offered], language)
    params = {
        "chat_id": item["chat_id"],
        "message_id": edit.tg_message_id,
        "reply_markup": inline_keyboard(rows),
    }
    if not sentences:
        return Call("editMessageReplyMarkup", params)
    if edit.chosen:
        sentences.append(f"✔ {rows_of([edit.chosen], language)[0][0]['text']}")
    return Call("editMessageText", {**params, "text": join_paragraphs(*sentences)})


def desk_notice(tx: Tx, item: Row, notice: DeskNotice) -> Call | Skip:
    """For managers, in their language, in the place or chat it is meant for."""
    context = render_context_of(tx, item)
    buttons = with_topic_links(tx, notice.buttons or [])
    return _notice_call(context, RichText(_lines(notice, context.language)), buttons, notice.reply_to_tg_id)


def desk_notice_edit(tx: Tx, item: Row, edit: DeskNoticeEdit) -> Call | Skip:
    """Changes the text of the message that was sent under a key. Without buttons it loses those it had."""
    language = language_of(tx, item)
    number = outbox_by_key.message_id_of(tx, edit.said_as)
    if number is None:
        return Skip("there is no message to change")
    rows = rows_of(with_topic_links(tx, edit.buttons), language)
    text = truncate(_lines(edit, language), TEXT_LIMIT)
    params = {
        "chat_id": item["chat_id"],
        "message_id": number,
        "text": text,
        "reply_markup": inline_keyboard(rows),
    }
    return Call("editMessageText", params)


def _lines(notice: DeskNotice | DeskNoticeEdit, language: str) -> str:
    """The sentence, and those that follow it."""
    lines = [{"key": notice.key, "words": notice.words}, *(notice.more or [])]
    return "\n".join(
        say(line["key"], language, **safe_params(line.get("words") or {}, language)) for line in lines
    )


def text(tx: Tx, item: Row, composed: BotText) -> Call | Skip:
    """A composed text. Only what fits into one message is sent."""
    words = RichText(composed.text, tuple(composed.entities or ()))
    buttons = with_topic_links(tx, composed.buttons or [])
    call = _notice_call(render_context_of(tx, item), words, buttons, composed.reply_to_tg_id)
    if isinstance(call, Call) and composed.asks_for_reply and item["chat_id"] > 0:
        call.params["reply_markup"] = {"force_reply": True}  # in a group it would open a reply for everybody
    return call


def document(tx: Tx, item: Row, file: Document) -> Call | Skip:
    """A file of our own, uploaded."""
    caption = {"caption": truncate(file.caption, CAPTION_LIMIT)} if file.caption else {}
    params: Params = {**render_context_of(tx, item).target(), **caption, **reply_to(file.reply_to_tg_id)}
    return Call("sendDocument", params, {"document": (file.filename, file.content.encode())})


def _notice_call(
    context: RenderContext, words: RichText, buttons: Rows, reply_to_tg_id: int | None
) -> Call | Skip:
    """Only the first message; what does not fit is left out."""
    text, entities = split_text(words.text, words.entities)[0]
    return text_call(
        context, RichText(text, entities), reply_to(reply_to_tg_id), keyboard(buttons, context.language)
    )
