"""The rating form: one message with exactly three buttons. A button carries a position, never a caption."""

from holdline.desk.settings.standard_messages import standard_message
from holdline.dialogs.decisions.ratings import is_bad
from holdline.dialogs.outbox.changes import RatingFormEdit
from holdline.dialogs.outbox.messages import RatingForm
from holdline.dialogs.rating import ANSWER_WINDOW, SCALE
from holdline.dialogs.text.richtext import RichText
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import CustomerVerb
from holdline.screens.keyboards import callback_button, inline_keyboard
from holdline.screens.render.render_context import Params, render_context_of, reply_to
from holdline.screens.render.send_calls import text_call
from holdline.screens.render.standard_messages import join_paragraphs, params_of
from holdline.store.conversation import conversation
from holdline.store.dialogs import dialogs, ratings
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip
from holdline.texts import say


def rating_form(tx: Tx, item: Row, form: RatingForm) -> Call | Skip:
    """The request in the customer's language; skipped if it was answered already."""
    rating, context = ratings.by_id(tx, form.rating_id), render_context_of(tx, item)
    if rating is None or rating["state"] == "answered":
        return Skip("the rating is over")
    text, captions = _request(tx, item, rating, context.language)
    row = [
        callback_button(caption, CustomerVerb.RATE, rating["token"], value)
        for caption, value in zip(captions, SCALE, strict=True)
    ]
    return text_call(
        context,
        RichText(text),
        {"reply_markup": inline_keyboard([row])},
        _message_of_dialog(tx, item, rating),
    )


def rating_form_edit(tx: Tx, item: Row, edit: RatingFormEdit) -> Call | Skip:
    """The form after the answer: without buttons, with the choice. If the rating was bad, it asks why."""
    rating, context = ratings.by_id(tx, edit.rating_id), render_context_of(tx, item)
    if rating is None:
        return Skip("the rating is gone")
    text, captions = _request(tx, item, rating, context.language)
    if rating["value"] is not None:
        chosen = f"✔ {captions[SCALE.index(rating['value'])]}"
        question = (
            [say("customer.rated_bad", context.language)]
            if tx.rules.ask_after_bad_rating and is_bad(rating["value"])
            else []
        )
        text = join_paragraphs(text, chosen, *question)
    message = {"chat_id": item["chat_id"], "message_id": edit.tg_message_id}
    return Call("editMessageText", {**message, "text": text, "reply_markup": inline_keyboard([])})


def _message_of_dialog(tx: Tx, item: Row, rating: Row) -> Params:
    """If another form still waits, this one replies to a customer message of its dialog. Its title is internal and
    cannot be shown.
    """
    if not ratings.has_earlier_unanswered(tx, rating, since=tx.at - ANSWER_WINDOW):
        return {}
    return reply_to(conversation.newest_tg_message_id(tx, rating["dialog_id"], item["chat_id"]))


def _request(tx: Tx, item: Row, rating: Row, language: str) -> tuple[str, tuple[str, ...]]:
    dialog = dialogs.by_id(tx, rating["dialog_id"])
    words = {**params_of(tx, item, language), "id": str(dialog.id), "title": inline(dialog.title)}
    return standard_message(tx, name="rating_request", language=language, words=words)
