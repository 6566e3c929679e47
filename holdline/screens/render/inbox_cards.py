"""Messages outside any dialog, as Inbox cards with buttons to handle them."""

from holdline.dialogs.customer import Mute
from holdline.dialogs.message import Message
from holdline.dialogs.outbox.changes import InboxCardMarkup
from holdline.dialogs.outbox.messages import InboxCard
from holdline.dialogs.outbox.retry_notes import RetryNotes
from holdline.dialogs.text.richtext import RichText, lines, with_mark
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import in_zone
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.dialogs.resume_buttons import resume_buttons
from holdline.screens.keyboards import (
    ButtonRows,
    arrange_in_rows,
    callback_button,
    ellipsize,
    inline_keyboard,
    topic_url,
)
from holdline.screens.render.dialog_hint import dialog_hint_line
from holdline.screens.render.headers import (
    customer_line,
    funnel_answer_line,
    rating_answer_line,
    smart_answer_line,
)
from holdline.screens.render.messages import preview_of
from holdline.screens.render.mirrors import media_or_text, part_with_header
from holdline.screens.render.references import with_references
from holdline.screens.render.render_context import (
    Params,
    RenderContext,
    message_of,
    render_context_of,
    reply_target_of,
    reply_to,
)
from holdline.screens.render.send_calls import text_call
from holdline.store.delivery import telegram_messages
from holdline.store.dialogs import history, inbox_items, places
from holdline.store.people import customers, managers
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip
from holdline.texts import say


def inbox_card(tx: Tx, item: Row, card: InboxCard) -> Call | Skip:
    """The first card of a run carries the buttons. The others reply to it."""
    message, context = message_of(tx, item), render_context_of(tx, item)
    if message is None:
        return Skip("the message is gone")
    inbox_item = inbox_items.by_id(tx, card.inbox_item_id)
    head = first_card_header(tx, message, context) if card.first else card_header(tx, message, context)
    buttons = _buttons_at(tx, inbox_item, context) if card.first and card.part == 0 else {}
    quoted = reply_target_of(tx, item, message, context) or (
        {} if card.first else _reply_to_card(tx, inbox_item, context)
    )
    extra = {**quoted, **buttons}
    head = with_references(tx, head, message, context)
    if card.album:
        return text_call(context, lines(head, RichText(say("cards.album_follows", context.language))), extra)
    if message.content.kind != "text" and card.part == 0:
        return media_or_text(context, message, head, extra, as_text=RetryNotes.of(item).in_words)
    words = part_with_header(message, head, part=card.part)
    return (
        text_call(context, words, preview_of(message), extra)
        if words
        else Skip("the text ended in an earlier part")
    )


def inbox_card_markup(tx: Tx, item: Row, now: InboxCardMarkup) -> Call | Skip:
    """The buttons for the current state of the item."""
    inbox_item = inbox_items.by_id(tx, now.inbox_item_id)
    if item["message_id"] is not None and not _has_buttons(tx, item, inbox_item):
        return Skip("only the first card of a run has buttons, and no part of an album")
    context = render_context_of(tx, item)
    rows = [*_rows_of_mute(tx, inbox_item, context.language), *card_rows(tx, inbox_item, context.language)]
    aim = {"chat_id": item["chat_id"], "message_id": now.tg_message_id}
    return Call("editMessageReplyMarkup", {**aim, "reply_markup": inline_keyboard(rows)})


def _has_buttons(tx: Tx, item: Row, inbox_item: Row) -> bool:
    message = message_of(tx, item)
    return item["message_id"] == inbox_item["first_message_id"] and not (message and message.content.album_id)


def card_header(tx: Tx, message: Message, context: RenderContext) -> RichText:
    """The sender, and the automatic answer or the question that the message belongs to."""
    customer = customers.by_id(tx, message.customer_id)
    head = with_mark(customer_line(customer, context.language), "bold") if customer else RichText()
    answered = smart_answer_line(tx, message, context.language)
    answered = answered or funnel_answer_line(tx, message, context.language)
    rated = rating_answer_line(tx, message, context.language)
    return lines(head, RichText(rated), RichText(answered)) if rated or answered else head


def first_card_header(tx: Tx, message: Message, scene: RenderContext) -> RichText:
    """For the first message of a run, also the dialog it may refer to and the link by which the customer came."""
    context = dialog_hint_line(tx, message, scene.language)
    payload = history.start_payload(tx, message.customer_id)
    came_by = say("cards.came_by", scene.language, payload=inline(payload)) if payload else ""
    return lines(card_header(tx, message, scene), RichText(came_by), RichText(context))


def card_rows(tx: Tx, inbox_item: Row, language: str) -> ButtonRows:
    """Only what is still possible. A handled item says so, and can still become a dialog."""
    customer, number = inbox_item["customer_id"], inbox_item["id"]
    dialogs = callback_button(say("cards.button_dialogs", language), DeskVerb.LIST_DIALOGS, customer)
    new = callback_button(say("cards.button_dialog", language), DeskVerb.OPEN_FROM_INBOX, number)
    match inbox_item["state"]:
        case "new":
            ignore = callback_button(say("cards.button_ignore", language), DeskVerb.IGNORE_INBOX_ITEM, number)
            assign = callback_button(
                _assign_caption(tx, inbox_item, language), DeskVerb.ASSIGN_INBOX_ITEM, number
            )
            return [*_resume_rows(tx, customer, language), [new, ignore], [assign, dialogs]]
        case "moved":
            return [[_dialog_button(tx, inbox_item, language)], [dialogs]]
        case "ignored":
            back = callback_button(
                say("cards.button_put_back", language), DeskVerb.PUT_BACK_INBOX_ITEM, number
            )
            return [
                [
                    callback_button(_why_ignored(tx, customer, language), DeskVerb.LIST_DIALOGS, customer),
                    back,
                ],
                [new, dialogs],
            ]
        case state:
            caption = _handler_caption(tx, inbox_item) or say(f"cards.item_{state}", language)
            return [[callback_button(caption, DeskVerb.LIST_DIALOGS, customer)], [new, dialogs]]


def _assign_caption(tx: Tx, inbox_item: Row, language: str) -> str:
    """The assignee's name, or “assign” if there is none."""
    assignee = managers.by_id(tx, inbox_item["assignee_id"]) if inbox_item["assignee_id"] else None
    return f"👤 {ellipsize(assignee.name, 24)}" if assignee else say("cards.button_assign", language)


def _rows_of_mute(tx: Tx, inbox_item: Row, language: str) -> ButtonRows:
    """For an item that was put back: the customer's next messages are shown to nobody while the mute lasts."""
    customer = customers.by_id(tx, inbox_item["customer_id"])
    mute = customer.mute if customer and inbox_item["state"] == "new" else None
    if mute is None:
        return []
    caption = _mute_caption(tx, mute, language)
    return [[callback_button(caption, DeskVerb.LIST_DIALOGS, inbox_item["customer_id"])]]


def _why_ignored(tx: Tx, customer_id: int, language: str) -> str:
    """“🔇 Muted until 02.12 18:00” in the desk's time zone, which stays true after the mute; otherwise “🚫 Ignored”."""
    customer = customers.by_id(tx, customer_id)
    if customer is None or customer.mute is None:
        return say("cards.item_ignored", language)
    return _mute_caption(tx, customer.mute, language)


def _mute_caption(tx: Tx, mute: Mute, language: str) -> str:
    if mute.until is None:
        return say("mute.item_ever", language)
    return say("mute.item", language, at=f"{in_zone(mute.until, tx.rules.time_zone):%d.%m %H:%M}")


def _handler_caption(tx: Tx, inbox_item: Row) -> str | None:
    """“💬 Maria 20:20”, in the desk's time zone."""
    if inbox_item["handled_by"] is None:
        return None
    manager = managers.by_id(tx, inbox_item["handled_by"])
    at = in_zone(inbox_item["changed_at"], tx.rules.time_zone)
    return f"💬 {inline(manager.name)} {at:%H:%M}" if manager else None


def _resume_rows(tx: Tx, customer_id: int, language: str) -> ButtonRows:
    """The customer's paused dialogs, and a button to answer without resuming one."""
    buttons = resume_buttons(tx, customer_id, language)
    if not buttons:
        return []
    return arrange_in_rows(
        [
            *buttons,
            callback_button(say("cards.button_answer", language), DeskVerb.ANSWER_CUSTOMER, customer_id),
        ]
    )


def _dialog_button(tx: Tx, inbox_item: Row, language: str) -> dict[str, str]:
    caption = say("cards.item_moved", language, id=inbox_item["dialog_id"])
    for place in places.of_dialog(tx, inbox_item["dialog_id"]) if inbox_item["dialog_id"] else []:
        if url := topic_url(place["chat_id"], place["thread_id"]):
            return {"text": caption, "url": url}
    return callback_button(caption, DeskVerb.LIST_DIALOGS, inbox_item["customer_id"])


def _buttons_at(tx: Tx, inbox_item: Row, context: RenderContext) -> Params:
    return {"reply_markup": inline_keyboard(card_rows(tx, inbox_item, context.language))}


def _reply_to_card(tx: Tx, inbox_item: Row, context: RenderContext) -> Params:
    place_id = context.place["id"] if context.place is not None else None
    cards = [
        row
        for row in telegram_messages.cards_of_inbox_item(tx, inbox_item["id"])
        if row["chat_id"] == context.address.chat_id and row["place_id"] == place_id
    ]
    return reply_to(cards[0]["tg_message_id"]) if cards else {}
