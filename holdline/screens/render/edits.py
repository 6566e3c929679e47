"""Edits of messages already sent: text, reactions, buttons, deletion."""

from dataclasses import replace

from holdline.dialogs.conversation.delivery_mark import delivery_mark as delivery_mark_of
from holdline.dialogs.merging import with_lines
from holdline.dialogs.message import CAPTIONED, Message
from holdline.dialogs.outbox.changes import CopyEdit, CopyRemoval, DeliveryMark, Markup, Reaction
from holdline.dialogs.outbox.privacy import ErasedCopies, ErasedTopic
from holdline.dialogs.text.richtext import RichText, lines
from holdline.screens.keyboards import inline_keyboard as as_markup
from holdline.screens.marketing.way_out import line_of_album, rows_under
from holdline.screens.render import manager_mentions
from holdline.screens.render.headers import header_of
from holdline.screens.render.inbox_cards import card_header, card_rows, first_card_header
from holdline.screens.render.keyboards import keyboard, rows_of
from holdline.screens.render.messages import preview_of
from holdline.screens.render.mirrors import name_button, part_with_header
from holdline.screens.render.references import with_references
from holdline.screens.render.render_context import (
    Params,
    RenderContext,
    language_of,
    message_of,
    render_context_of,
)
from holdline.screens.render.send_calls import (
    entities_as,
    fits_caption,
    input_medium,
    location_fields,
    with_last_line,
)
from holdline.store.conversation import messages
from holdline.store.delivery import merging, outbound, telegram_messages
from holdline.store.dialogs import inbox_items
from holdline.store.people import customers
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip
from holdline.telegram.parts import within_caption

GONE = "…"  # for a part that the shorter text no longer needs; Telegram allows no empty message


def edit_copy(tx: Tx, item: Row, edit: CopyEdit) -> Call | Skip:
    """Keeps the header and replaces the text. The buttons are sent again, because an edit without them removes them."""
    message, copy = message_of(tx, item), telegram_messages.find(tx, item["chat_id"], edit.tg_message_id)
    if message is None or copy is None or copy["deleted_at"] is not None:
        return Skip("there is no copy to change")
    message = _with_its_lines(tx, message, copy)
    context = render_context_of(tx, {**item, "place_id": copy["place_id"] or item["place_id"]})
    head = _head(tx, message, copy, context)
    if message.content.kind == "text" or copy["part"]:
        return _text(tx, (message, copy), context, head)
    if message.content.kind == "location":
        buttons = _buttons(tx, message, copy, context) or name_button(head.text, message.customer_id)
        return Call("editMessageLiveLocation", {**_aim(copy), **location_fields(message.content), **buttons})
    if message.content.kind not in CAPTIONED:
        return Skip(f"a {message.content.kind} has no words to change")
    return _caption(tx, (message, copy), context, head)


def _with_its_lines(tx: Tx, message: Message, copy: Row) -> Message:
    """The whole text of the copy, because merged messages may have left as one."""
    older = merging.older_lines(tx, copy)
    if not older and message.id == copy["message_id"]:
        return message
    newest = messages.by_id(tx, copy["message_id"]) or message
    words = with_lines(RichText(), [line.content for line in [*older, newest]])
    return replace(newest, content=replace(newest.content, text=words.text, entities=words.entities))


def _text(tx: Tx, pair: tuple[Message, Row], context: RenderContext, head: RichText) -> Call:
    message, copy = pair
    words = part_with_header(_as_seen(tx, message, context), head, part=copy["part"]) or RichText(GONE)
    params = {"text": words.text, **entities_as("entities", words.entities), **preview_of(message)}
    return Call("editMessageText", {**_aim(copy), **params, **_buttons(tx, message, copy, context)})


def _caption(tx: Tx, pair: tuple[Message, Row], context: RenderContext, head: RichText) -> Call:
    message, copy = pair
    as_seen = _as_seen(tx, message, context)
    caption = within_caption(RichText(as_seen.content.text, as_seen.content.entities))
    item = outbound.first_part(tx, message.id) if message.content.album_id else None
    if item is not None and _at_customer(tx, message, copy["chat_id"]):
        caption = with_last_line(caption, line_of_album(tx, item, context.language))
    buttons = _buttons(tx, message, copy, context)
    if head.text:
        both = lines(head, caption)
        fits = fits_caption(both)
        caption = both if fits else caption
        buttons = buttons if fits or buttons else name_button(head.text, message.customer_id)
    if message.content.data.get("replaced"):
        return Call(
            "editMessageMedia", {**_aim(copy), "media": input_medium(message.content, caption), **buttons}
        )
    params = {"caption": caption.text, **entities_as("caption_entities", caption.entities)}
    return Call("editMessageCaption", {**_aim(copy), **params, **buttons})


def _as_seen(tx: Tx, message: Message, context: RenderContext) -> Message:
    """In the customer's chat, mentions of managers are removed."""
    if not _at_customer(tx, message, context.address.chat_id):
        return message
    words = manager_mentions.strip(tx, message)
    return replace(message, content=replace(message.content, entities=words.entities))


def _head(tx: Tx, message: Message, copy: Row, context: RenderContext) -> RichText:
    if _at_customer(tx, message, copy["chat_id"]):
        return RichText()
    if not copy["inbox_item_id"]:
        head = header_of(tx, message, context)
    else:
        head = (
            first_card_header(tx, message, context)
            if _is_first(tx, message, copy)
            else card_header(tx, message, context)
        )
    return head if message.content.album_id else with_references(tx, head, message, context)


def _is_first(tx: Tx, message: Message, copy: Row) -> bool:
    """Whether this is the card with the buttons. An album has none."""
    if message.content.album_id:
        return False
    return bool(inbox_items.by_id(tx, copy["inbox_item_id"])["first_message_id"] == message.id)


def _at_customer(tx: Tx, message: Message, chat_id: int) -> bool:
    customer = customers.by_id(tx, message.customer_id)
    return customer is not None and customer.address.chat_id == chat_id


def _buttons(tx: Tx, message: Message, copy: Row, context: RenderContext) -> Params:
    if _at_customer(tx, message, copy["chat_id"]):
        return {} if message.content.album_id else keyboard(rows_under(tx, message), context.language)
    if not copy["inbox_item_id"] or copy["part"] or message.content.album_id:
        return {}  # albums carry no buttons
    inbox_item = inbox_items.by_id(tx, copy["inbox_item_id"])
    if inbox_item["first_message_id"] != message.id:
        return {}
    return {"reply_markup": as_markup(card_rows(tx, inbox_item, context.language))}


def _aim(copy: Row) -> Params:
    return {"chat_id": copy["chat_id"], "message_id": copy["tg_message_id"]}


def delete_copy(item: Row, removal: CopyRemoval) -> Call | Skip:
    return Call("deleteMessage", _target_message(item, removal.tg_message_id))


def erase_copies(item: Row, removal: ErasedCopies) -> Call:
    return Call("deleteMessages", {"chat_id": item["chat_id"], "message_ids": removal.tg_message_ids})


def erase_topic(item: Row, removal: ErasedTopic) -> Call:
    return Call("deleteForumTopic", {"chat_id": item["chat_id"], "message_thread_id": removal.topic})


def reaction(item: Row, put: Reaction) -> Call | Skip:
    """A bot has one reaction per message. None removes it."""
    return _set_reaction(item, put.tg_message_id, put.emoji)


def delivery_mark(tx: Tx, item: Row, mark: DeliveryMark) -> Call | Skip:
    """The mark for the current state."""
    state = messages.delivery_state(tx, item["message_id"]) if item["message_id"] is not None else None
    if state is None:
        return Skip("there is no message to mark")
    emoji = delivery_mark_of(state["status"], is_taken_back=state["deleted_at"] is not None)
    return _set_reaction(item, mark.tg_message_id, emoji)


def _set_reaction(item: Row, tg_message_id: int, emoji: str | None) -> Call:
    reactions = [{"type": "emoji", "emoji": emoji}] if emoji else []
    return Call("setMessageReaction", {**_target_message(item, tg_message_id), "reaction": reactions})


def markup(tx: Tx, item: Row, now: Markup) -> Call | Skip:
    """Replaces the buttons under a message. An empty list removes them."""
    rows = rows_of(now.buttons, language_of(tx, item))
    aim = _target_message(item, now.tg_message_id)
    return Call("editMessageReplyMarkup", {**aim, "reply_markup": as_markup(rows)})


def _target_message(item: Row, tg_message_id: int) -> Params:
    return {"chat_id": item["chat_id"], "message_id": tg_message_id}
