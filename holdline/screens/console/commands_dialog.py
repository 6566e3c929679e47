"""Commands about one dialog. They act at once: typing a command counts as its confirmation (L-52)."""

from dataclasses import replace

from holdline.desk.conversation.merges import merge_dialog, unmerge_dialog
from holdline.desk.conversation.notes import delete_own_message
from holdline.desk.conversation.removals import delete_message, find_manager_message
from holdline.desk.dialogs.assignment import assign_dialog, enter_dialog, take_dialog
from holdline.desk.dialogs.opening import open_dialog
from holdline.desk.dialogs.transitions import close_dialog, pause_dialog, resume_dialog
from holdline.desk.routing.reply_target import reply_message_id
from holdline.dialogs.closing import Closing
from holdline.dialogs.decisions.opening import Opening
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.console.assign_list import show_assign_list
from holdline.screens.console.command_context import (
    CommandContext,
    CommandResult,
    UnclearCommand,
    customer_of,
)
from holdline.screens.console.forms import show_form
from holdline.screens.console.manager_message import save_note
from holdline.screens.console.reply_position import show
from holdline.screens.dialog_link import announce_dialog, dialog_entry_screen
from holdline.screens.dialogs import merge_form
from holdline.screens.forms import card_form, close_form, form_line, open_wizard, resend
from holdline.screens.forms.assign_people import assignment_screen, people_called
from holdline.screens.forms.form import FormPosition
from holdline.screens.forms.unsent_offers import offer_unsent
from holdline.screens.keyboards import callback_button
from holdline.screens.notices import forward_form
from holdline.screens.screen import Screen
from holdline.store.dialogs import places
from holdline.store.tx import Tx
from holdline.texts import say

FORM_WORD = "form"


def open_(tx: Tx, order: CommandContext) -> CommandResult:
    """With a title: opens the dialog at once with the default type, and offers messages refused before. Without: the
    wizard.
    """
    customer_id = customer_of(tx, order)
    if customer_id is None:
        raise UnclearCommand("customer", order.say("which_customer"))
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
        show_form(tx, form, order.manager, spot=order.spot)
        return None
    chat_id, thread_id = order.spot.chat_id, order.spot.thread_id
    opening = Opening(customer_id, order.words, inbox_item_id=item_id, follow_up_of=before)
    dialog = open_dialog(tx, manager=order.manager, opening=opening)
    cause = order.spot.cause
    announce_dialog(tx, order.manager, dialog, chat_id=chat_id, thread_id=thread_id, cause=cause)
    offer_unsent(tx, order.manager, dialog, FormPosition(chat_id, thread_id))
    return None


def enter(tx: Tx, order: CommandContext) -> CommandResult:
    """Without a number: leave. If no topic shows the card, the answer replies to it, so one tap leads there (L-24).

    After a number that leads nowhere the manager is in no dialog: what they write next was meant for another customer
    than before.
    """
    number = order.words.removeprefix("#")
    if not number:
        enter_dialog(tx, manager=order.manager, dialog_id=None)
        return order.say("left")
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        return _enter_nothing(tx, order, UnclearCommand("N", order.say("enter_number")))
    try:
        dialog = enter_dialog(tx, manager=order.manager, dialog_id=int(number))
    except NotFound as unknown:
        return _enter_nothing(tx, order, unknown)
    assert dialog is not None
    place = places.find_live(tx, order.spot.chat_id, dialog.id)
    spot = order.spot
    if place is not None and place["mode"] != "topic" and place["card_tg_message_id"]:
        spot = replace(spot, tg_message_id=place["card_tg_message_id"])
    show(tx, spot, dialog_entry_screen(order.manager, dialog), dialog_id=dialog.id)
    return None


def _enter_nothing(tx: Tx, order: CommandContext, refused: BadInput | NotFound) -> CommandResult:
    """Leaves the dialog entered before, and says so. If there was none, only the refusal is shown."""
    if order.manager.entered_dialog_id is None:
        raise refused
    enter_dialog(tx, manager=order.manager, dialog_id=None)
    return f"{refused.sentence(order.language)}\n{order.say('left')}"


def pause(tx: Tx, order: CommandContext) -> CommandResult:
    dialog = pause_dialog(tx, manager=order.manager, dialog_id=order.only_dialog_id, typed_in=order.where)
    return order.say("paused", id=dialog.id, title=dialog.title)


def resume(tx: Tx, order: CommandContext) -> CommandResult:
    dialog = resume_dialog(tx, manager=order.manager, dialog_id=order.only_dialog_id, typed_in=order.where)
    return order.say("resumed", id=dialog.id, title=dialog.title)


def close(tx: Tx, order: CommandContext) -> CommandResult:
    """`/close 3 form` closes at once. `/close` alone opens the form."""
    words = order.rest.lower().split()
    if not words:
        form = close_form.begin(tx, order.manager, spot=order.form_spot, dialog_id=order.dialog_id)
        show_form(tx, form, order.manager, spot=order.spot)
        return None
    scores = [int(word) for word in words if word in ("1", "2", "3")]
    if len(scores) > 1 or set(words) - {"1", "2", "3", FORM_WORD}:
        raise BadInput("/close", order.say("close_format"))
    closing = Closing(customer_score=scores[0] if scores else None, send_rating_form=FORM_WORD in words)
    dialog = close_dialog(
        tx, manager=order.manager, dialog_id=order.dialog_id, closing=closing, typed_in=order.where
    )
    closed = dialog.state == "closed"
    sentence = order.say("closed" if closed else "close_requested", id=dialog.id, title=dialog.title)
    if not closed:
        return sentence
    if score_line := close_form.score_giver_line(tx, dialog, order.manager):
        sentence = f"{sentence}\n{score_line}"
    waiting = close_form.reply_pending_line(tx, dialog, order.language)
    if not waiting:
        return sentence
    answer = callback_button(
        say("cards.button_answer", order.language), DeskVerb.ANSWER_CUSTOMER, dialog.customer_id
    )
    return Screen(f"{sentence}\n{waiting}", [[answer]])


def note_(tx: Tx, order: CommandContext) -> CommandResult:
    """`/note words`, or `/note 12 words` if no place, reply or entered dialog says which dialog is meant."""
    if not order.words and order.content.kind == "text":
        raise BadInput("/note", "note_empty")
    if order.meaning.kind == "general" and not order.words.startswith("#"):
        raise UnclearCommand("dialog", order.say("note_needs_dialog"))
    dialog_id, words = order.split_number()
    save_note(tx, order.manager, dialog_id, replace(order.content, text=words))
    return None


def info(tx: Tx, order: CommandContext) -> CommandResult:
    """The fields of the dialog, with buttons to change them."""
    form = card_form.begin(tx, order.manager, spot=order.form_spot, dialog_id=order.only_dialog_id)
    show_form(tx, form, order.manager, spot=order.spot)
    return None


def forward(tx: Tx, order: CommandContext) -> CommandResult:
    """Opens the form for recipients, message and parts."""
    form = forward_form.begin(tx, order.manager, spot=order.form_spot, dialog_id=order.only_dialog_id)
    show_form(tx, form, order.manager, spot=order.spot)
    return None


def merge(tx: Tx, order: CommandContext) -> CommandResult:
    """`/merge 12`: merges this dialog into #12 of the same customer. Without a number the other dialog is chosen."""
    number, source_id = order.rest.removeprefix("#"), None
    if order.names_number and not number and order.meaning.dialog_id is not None:
        number, source_id = str(order.dialog_id), order.meaning.dialog_id
    if not number:
        form = merge_form.begin(tx, order.manager, spot=order.form_spot, dialog_id=order.only_dialog_id)
        show_form(tx, form, order.manager, spot=order.spot)
        return None
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        raise BadInput("/merge", order.say("merge_number"))
    source_id = source_id or order.dialog_id
    target = merge_dialog(tx, manager=order.manager, dialog_id=source_id, into=int(number))
    return order.say("merged", id=source_id, into=target.id, title=target.title)


def unmerge(tx: Tx, order: CommandContext) -> CommandResult:
    """Works in the merged dialog and in the one it was merged into."""
    target = unmerge_dialog(tx, manager=order.manager, dialog_id=order.only_dialog_id)
    return order.say("unmerged", id=target.id, title=target.title)


def assign(tx: Tx, order: CommandContext) -> CommandResult:
    """`/assign Maria` assigns it at once if one person matches. Otherwise shows the list."""
    dialog_id, name = order.only_dialog_id, order.rest
    people = people_called(tx, name)
    if len(people) != 1:
        called = "" if name.isdecimal() else name
        show_assign_list(tx, order.manager, dialog_id=dialog_id, spot=order.spot, called=called)
        return None
    target = people[0].telegram_id
    dialog = assign_dialog(tx, manager=order.manager, dialog_id=dialog_id, assignee_telegram_id=target)
    return assignment_screen(tx, order.manager, dialog)


def take(tx: Tx, order: CommandContext) -> CommandResult:
    dialog = take_dialog(tx, manager=order.manager, dialog_id=order.only_dialog_id)
    return order.say("taken", id=dialog.id, title=dialog.title)


def delete(tx: Tx, order: CommandContext) -> CommandResult:
    """Deletes the customer's copy of the message replied to. Its text stays in history."""
    reply = reply_message_id(order.content)
    if reply is None:
        raise BadInput("/delete", order.say("delete_format"))
    chat_id = order.spot.chat_id
    dropped = _drop_waiting(tx, order.manager, chat_id, reply)
    if dropped and find_manager_message(tx, chat_id, reply) is None:
        return order.say(f"delete_{dropped}")
    if delete_own_message(tx, manager=order.manager, chat_id=chat_id, tg_message_id=reply):
        return order.say("delete_noted")
    removal = delete_message(tx, manager=order.manager, chat_id=chat_id, tg_message_id=reply)
    return order.say(f"delete_{removal}")


def _drop_waiting(tx: Tx, manager: Manager, chat_id: int, tg_message_id: int) -> str:
    """Drops a kept message, and takes it back from a form. Returns an empty string if nothing was kept."""
    form = resend.form_of_message(tx, manager, chat_id, tg_message_id)
    if form is None:
        return ""
    if form.kind == form_line.KIND:
        form_line.withdraw_answer(tx, form, manager)
    resend.remove_message(tx, form, tg_message_id)
    return "line" if form.kind == form_line.KIND else "kept"
