"""Commands about one dialog. Typed, they act at once: a typed command is its own confirmation (L-52)."""

from dataclasses import replace

from holdline.desk.conversation.removals import delete_message, written_at
from holdline.desk.dialogs.assignment import assign_dialog, enter_dialog, take_dialog
from holdline.desk.dialogs.dialogs import (
    Closing,
    Opening,
    close_dialog,
    open_dialog,
    pause_dialog,
    resume_dialog,
)
from holdline.desk.routing.reply_target import replied_to
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput
from holdline.screens.console.command_context import Answer, Order, Unclear, customer_of
from holdline.screens.console.forms import form_shown
from holdline.screens.console.manager_message import note
from holdline.screens.console.reply_position import show
from holdline.screens.dialog_link import arrived, entered
from holdline.screens.forms import card_form, close_form, form_line, open_wizard, resend
from holdline.screens.forms.assign_people import assigned_window, people_called, people_window
from holdline.screens.keyboards import press
from holdline.screens.screen import Window
from holdline.store.dialogs import places
from holdline.store.tx import Tx
from holdline.texts import say

FORM_WORD = "form"


def open_(tx: Tx, order: Order) -> Answer:
    """With a title: at once, type Support, with the words that were refused just before. Without: the wizard."""
    customer_id = customer_of(tx, order)
    if customer_id is None:
        raise Unclear("customer", order.say("which_customer"))
    item_id, before = order.meaning.item_id, order.meaning.dialog_id
    if not order.words:
        form = open_wizard.begin(
            tx,
            order.manager,
            spot=order.form_spot,
            customer_id=customer_id,
            item_id=item_id,
            follow_up_of=before,
        )
        form_shown(tx, form, order.manager, spot=order.spot)
        return None
    chat_id, thread_id = order.spot.chat_id, order.spot.thread_id
    along = resend.for_new_dialog(tx, order.manager, customer_id=customer_id, chat_id=chat_id)
    opening = Opening(customer_id, order.words, inbox_item_id=item_id, follow_up_of=before)
    dialog = open_dialog(tx, manager=order.manager, opening=opening)
    told = [say("windows.open_sent", order.language, text=resend.first_words(words)) for words in along]
    resend.send_in_new(tx, along, order.manager, dialog_id=dialog.id)
    cause = order.spot.cause
    arrived(tx, order.manager, dialog, chat_id=chat_id, thread_id=thread_id, cause=cause, told=told)
    return None


def enter(tx: Tx, order: Order) -> Answer:
    """Without a number: leave. Where no topic shows the card, the answer quotes it: one tap leads there (L-24)."""
    number = order.words.removeprefix("#")
    if not number:
        enter_dialog(tx, manager=order.manager, dialog_id=None)
        return order.say("left")
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        raise Unclear("N", order.say("enter_number"))
    dialog = enter_dialog(tx, manager=order.manager, dialog_id=int(number))
    assert dialog is not None
    place = places.live(tx, order.spot.chat_id, dialog.id)
    spot = order.spot
    if place is not None and place["mode"] != "topic" and place["card_tg_id"]:
        spot = replace(spot, tg_message_id=place["card_tg_id"])
    show(tx, spot, entered(order.manager, dialog), dialog_id=dialog.id)
    return None


def pause(tx: Tx, order: Order) -> Answer:
    dialog = pause_dialog(tx, manager=order.manager, dialog_id=order.only_dialog_id, typed_in=order.where)
    return order.say("paused", id=dialog.id, title=dialog.title)


def resume(tx: Tx, order: Order) -> Answer:
    dialog = resume_dialog(tx, manager=order.manager, dialog_id=order.only_dialog_id, typed_in=order.where)
    return order.say("resumed", id=dialog.id, title=dialog.title)


def close(tx: Tx, order: Order) -> Answer:
    """`/close 3 form` at once; `/close` alone opens the form."""
    words = order.rest.lower().split()
    if not words:
        form = close_form.begin(tx, order.manager, spot=order.form_spot, dialog_id=order.dialog_id)
        form_shown(tx, form, order.manager, spot=order.spot)
        return None
    scores = [int(word) for word in words if word in ("1", "2", "3")]
    if len(scores) > 1 or set(words) - {"1", "2", "3", FORM_WORD}:
        raise BadInput("/close", order.say("close_format"))
    closing = Closing(customer_score=scores[0] if scores else None, send_rating_form=FORM_WORD in words)
    dialog = close_dialog(
        tx, manager=order.manager, dialog_id=order.dialog_id, closing=closing, typed_in=order.where
    )
    closed = dialog.state == "closed"
    told = order.say("closed" if closed else "close_requested", id=dialog.id, title=dialog.title)
    if not closed:
        return told
    if score_line := close_form.kept_score_line(tx, dialog, order.manager):
        told = f"{told}\n{score_line}"
    waiting = close_form.waiting_line(tx, dialog, order.language)
    if not waiting:
        return told
    answer = press(say("cards.button_answer", order.language), "card.answer", dialog.customer_id)
    return Window(f"{told}\n{waiting}", [[answer]])


def note_(tx: Tx, order: Order) -> Answer:
    """`/note words`, or `/note 12 words` where no place, reply or entered dialog says which one is meant."""
    if not order.words and order.content.kind == "text":
        raise BadInput("/note", "note_empty")
    if order.meaning.kind == "general" and not order.words.startswith("#"):
        raise Unclear("dialog", order.say("note_needs_dialog"))
    dialog_id, words = order.split_number()
    note(tx, order.manager, dialog_id, replace(order.content, text=words))
    return None


def info(tx: Tx, order: Order) -> Answer:
    """The fields of the dialog with the buttons that change them."""
    form = card_form.begin(tx, order.manager, spot=order.form_spot, dialog_id=order.only_dialog_id)
    form_shown(tx, form, order.manager, spot=order.spot)
    return None


def assign(tx: Tx, order: Order) -> Answer:
    """`/assign Maria` gives it to her at once, if one person is called so; else the people are offered."""
    dialog_id, name = order.only_dialog_id, order.rest
    found = people_called(tx, name)
    if len(found) != 1:
        called = "" if name.isdecimal() else name
        return people_window(tx, order.manager, dialog_id=dialog_id, called=called)
    target = found[0].telegram_id
    dialog = assign_dialog(tx, manager=order.manager, dialog_id=dialog_id, assignee_telegram_id=target)
    return assigned_window(tx, order.manager, dialog)


def take(tx: Tx, order: Order) -> Answer:
    dialog = take_dialog(tx, manager=order.manager, dialog_id=order.only_dialog_id)
    return order.say("taken", id=dialog.id, title=dialog.title)


def delete(tx: Tx, order: Order) -> Answer:
    """The message replied to disappears at the customer's; the words stay in history."""
    reply = replied_to(order.content)
    if reply is None:
        raise BadInput("/delete", order.say("delete_format"))
    chat_id = order.spot.chat_id
    dropped = _drop_waiting(tx, order.manager, chat_id, reply)
    if dropped and written_at(tx, chat_id, reply) is None:
        return order.say(f"delete_{dropped}")
    removal = delete_message(tx, manager=order.manager, chat_id=chat_id, tg_message_id=reply)
    return order.say(f"delete_{removal}")


def _drop_waiting(tx: Tx, manager: Manager, chat_id: int, tg_message_id: int) -> str:
    """What waited for a tap goes to nobody, and a form gives its line back; empty where nothing waited."""
    form = resend.waiting(tx, manager, chat_id, tg_message_id)
    if form is None:
        return ""
    if form.kind == form_line.KIND:
        form_line.give_back(tx, form, manager)
    resend.take_out(tx, form, tg_message_id)
    return "line" if form.kind == form_line.KIND else "kept"
