"""Presses about one dialog. Buttons that change its state need two taps, all others one (L-52)."""

from holdline.desk.conversation.removals import name_of_remover, undo_message
from holdline.desk.conversation.resend import resend_message
from holdline.desk.dialogs.assignment import assign_dialog, enter_dialog, take_dialog
from holdline.desk.dialogs.transitions import pause_dialog, resume_dialog
from holdline.desk.notices.resume_offers import is_resume_offer
from holdline.desk.reading.timeline import offer_timeline
from holdline.desk.reading.transcripts import offer_transcript
from holdline.desk.teams.routing import assign_dialog_to_team
from holdline.dialogs.address import Address
from holdline.dialogs.conversation.timeline import TimelineOrder, filter_of
from holdline.dialogs.decisions.corrections import Removal
from holdline.dialogs.dialog import Dialog, Person
from holdline.dialogs.life import next_events, next_state
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import WrongState
from holdline.dialogs.text.limits import TOAST_LIMIT
from holdline.dialogs.text.splitting import inline, truncate
from holdline.dialogs.verbs import DeskVerb, DialogVerb, Verb, button_data
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.console.forms import show_form
from holdline.screens.console.reply_position import show
from holdline.screens.dialog_link import dialog_entry_screen, dialog_url
from holdline.screens.forms import card_form, close_form, open_wizard, resend
from holdline.screens.forms.assign_people import assignment_screen
from holdline.screens.forms.history import history_screen
from holdline.screens.forms.timing import postpone_form
from holdline.screens.keyboards import (
    EDIT_VERBS,
    MOVE_VERBS,
    Button,
    callback_button,
    url_button,
    verb_on,
    with_confirmation,
    without_confirmation,
)
from holdline.screens.notices import forward_form
from holdline.screens.screen import Screen, UiResponse
from holdline.store.delivery import telegram_messages
from holdline.store.dialogs import dialogs, places
from holdline.store.people import teams
from holdline.store.screens import forms
from holdline.store.tx import Tx
from holdline.texts import say


def ask_to_confirm(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """The first tap. Refused at once if the change is not allowed, else a question appears under the same buttons."""
    dialog, language = dialogs.by_id(tx, pressed.number()), manager.language
    event = _EVENTS[pressed.button.verb]
    if dialog.state == _COMES_TO[event]:
        return _show_moved(tx, manager, dialog, f"{event}d_already", pressed)
    next_state(dialog.state, event, dialog=dialog.as_object)
    sure = callback_button(
        say(f"manager.sure_{event}", language, id=dialog.id), _CONFIRM_VERBS[event], dialog.id
    )
    keep = callback_button(say("manager.keep", language), DialogVerb.CANCEL_CONFIRMATION, dialog.id)
    first = button_data(MOVE_VERBS[event], dialog.id)
    rows = with_confirmation(pressed.shown, [sure, keep], below=first)
    return UiResponse(say("manager.tap_again", language), rows=rows)


def cancel_confirmation(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    return UiResponse(rows=without_confirmation(pressed.shown))


def confirm_move(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """The second tap. If a colleague was faster, the state is already as wanted, and nothing is refused."""
    event = _EVENTS[pressed.button.verb]
    try:
        moved = _MOVES[event](tx, manager=manager, dialog_id=pressed.number())
    except WrongState as refused:
        if (refused.code, refused.state) != ("wrong_state", _COMES_TO[event]):
            raise
        return _show_moved(tx, manager, dialogs.by_id(tx, pressed.number()), f"{event}d_already", pressed)
    if is_resume_offer(tx, moved.id, pressed.chat_id, pressed.tg_message_id):  # redrawn through the outbox
        return UiResponse(say(f"manager.{event}d", manager.language, id=moved.id, title=moved.title))
    return _show_moved(tx, manager, moved, f"{event}d", pressed)


def _show_moved(tx: Tx, manager: Manager, dialog: Dialog, name: str, pressed: ButtonPress) -> UiResponse:
    """Except on a card, the buttons become those allowed now, with a button to send kept messages.

    A card is redrawn through the outbox. A second edit here could arrive later and restore its old buttons.
    """
    toast = say(f"manager.{name}", manager.language, id=dialog.id, title=dialog.title)
    cards = {(place["chat_id"], place["card_tg_message_id"]) for place in places.of_dialog(tx, dialog.id)}
    message = telegram_messages.find(tx, pressed.chat_id, pressed.tg_message_id)
    if (pressed.chat_id, pressed.tg_message_id) in cards or (message and message["inbox_item_id"]):
        return UiResponse(toast)
    rows = [
        [button for button in row if not _is_outdated(button)] for row in without_confirmation(pressed.shown)
    ]
    waiting = resend.form_under_buttons(tx, pressed.shown)
    if waiting is not None:
        rows.append(resend.send_buttons(tx, waiting, manager.language))
    caption = {"pause": "pause_it", "resume": "resume", "close": "close_it"}
    legal = [
        callback_button(say(f"manager.{caption[event]}", manager.language), MOVE_VERBS[event], dialog.id)
        for event in next_events(dialog.state)
    ]
    rows = [row for row in (*rows, legal) if row]
    if waiting is None:
        return UiResponse(toast, rows=rows)
    return UiResponse(toast, window=Screen(f"{toast}\n{say('manager.not_sent_yet', manager.language)}", rows))


def _is_outdated(button: Button) -> bool:
    """Whether the button offers a state change or a way to send kept messages from before the change."""
    return verb_on(button) in (*MOVE_VERBS.values(), DeskVerb.PRESS_FORM)


_CONFIRM_VERBS = {"pause": DialogVerb.CONFIRM_PAUSE, "resume": DialogVerb.CONFIRM_RESUME}
_EVENTS: dict[Verb, str] = {
    verb: event for verbs in (MOVE_VERBS, _CONFIRM_VERBS) for event, verb in verbs.items()
}
_COMES_TO = {"pause": "paused", "resume": "active"}
_MOVES = {"pause": pause_dialog, "resume": resume_dialog}


def begin_to_close(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """The form is the second tap."""
    form = close_form.begin(tx, manager, spot=pressed.form_spot, dialog_id=pressed.number())
    show_form(tx, form, manager, spot=pressed.spot)
    return UiResponse()


def begin_to_forward(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    form = forward_form.begin(tx, manager, spot=pressed.form_spot, dialog_id=pressed.number())
    show_form(tx, form, manager, spot=pressed.spot)
    return UiResponse()


def open_another(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Another dialog for the same customer, linked to this one. Messages that this one refused are sent in it."""
    dialog = dialogs.by_id(tx, pressed.number())
    form = open_wizard.begin(
        tx,
        manager,
        spot=pressed.form_spot,
        customer_id=dialog.customer_id,
        follow_up_of=dialog.id,
        words=resend.form_under_buttons(tx, pressed.shown),
    )
    show_form(tx, form, manager, spot=pressed.spot)
    return UiResponse()


def edit(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """A button of the info card: opens the form at that field, or with all fields."""
    button = pressed.button
    field = next((name for name, verb in EDIT_VERBS.items() if verb is button.verb), "main")
    form = card_form.begin(tx, manager, spot=pressed.form_spot, dialog_id=button.number(), field=field)
    show_form(tx, form, manager, spot=pressed.spot)
    return UiResponse()


def begin_to_postpone(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    form = postpone_form.begin(tx, manager, spot=pressed.form_spot, dialog_id=pressed.number())
    show_form(tx, form, manager, spot=pressed.spot)
    return UiResponse()


def show_history(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    show(tx, pressed.spot, history_screen(tx, manager, dialog_id=pressed.number()))
    return UiResponse()


def send_transcript(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """📄 Sends the transcript as a file, where it was asked for."""
    spot = pressed.spot
    offer_transcript(
        tx,
        dialog_id=pressed.number(),
        chat_id=spot.chat_id,
        thread_id=spot.thread_id,
        key=spot.cause,
        with_notes=len(pressed.button.args) > 1,
    )
    return UiResponse(say("manager.file_follows", manager.language))


def send_timeline(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """📄 The history in the order and filter of the screen, all pages."""
    order, _, sort = pressed.word(1).partition(".")
    spot = pressed.spot
    offer_timeline(
        tx,
        manager,
        dialog_id=pressed.number(),
        order=TimelineOrder(filter_of(sort), newest_first=order != "o"),
        to=Address(spot.chat_id, spot.thread_id),
        key=spot.cause,
    )
    return UiResponse(say("manager.file_follows", manager.language))


def go_to(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """A link to the topic if there is one by now. Otherwise enters the dialog in the manager's own chat."""
    dialog = dialogs.by_id(tx, pressed.number())
    url = dialog_url(tx, dialog.id)
    if url:
        caption = say("manager.go", manager.language, id=dialog.id)
        rows = [[_as_link(button, pressed.data, url) for button in row] for row in pressed.shown]
        return UiResponse(caption, rows=rows or [[url_button(caption, url)]])
    enter_dialog(tx, manager=manager, dialog_id=dialog.id)
    answer = dialog_entry_screen(manager, dialog)
    if answer.rows:
        show(tx, pressed.spot, answer, dialog_id=dialog.id)
    return UiResponse(truncate(answer.text, TOAST_LIMIT), alert=True)


def _as_link(button: Button, data: str, url: str) -> Button:
    """The pressed button becomes a link; the others stay."""
    return url_button(button["text"], url) if button.get("data") == data else button


def assign(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """To a person; 0 means nobody."""
    forms.finish_list(tx, pressed.chat_id, pressed.tg_message_id)  # this press redraws it
    target = pressed.number(1) or None
    dialog = assign_dialog(tx, manager=manager, dialog_id=pressed.number(), assignee_telegram_id=target)
    return _show_assignment(tx, manager, dialog)


def assign_to_team(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """If a member of the team is free, they get the dialog at once, and the window says who."""
    forms.finish_list(tx, pressed.chat_id, pressed.tg_message_id)  # this press redraws it
    team = teams.by_id(tx, pressed.number(1)).name
    dialog = assign_dialog_to_team(tx, manager=manager, dialog_id=pressed.number(), team=team)
    return _show_assignment(tx, manager, dialog)


def _show_assignment(tx: Tx, manager: Manager, dialog: Dialog) -> UiResponse:
    screen = assignment_screen(tx, manager, dialog)
    return UiResponse(screen.text, window=screen)


def take(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """🔁 Takes a dialog back after a colleague's message took it away. The notice then names the assignee and links to
    it.
    """
    before = dialogs.load_locked(tx, pressed.number())
    if len(pressed.button.args) > 1 and before.assignee is not None and before.assignee.id != manager.id:
        return _show_taken_before(manager, before, before.assignee)
    dialog = take_dialog(tx, manager=manager, dialog_id=before.id)
    rows = [[b for b in row if verb_on(b) is not DialogVerb.TAKE] for row in pressed.shown]
    answer = say("manager.taken", manager.language, id=dialog.id, title=inline(dialog.title))
    return UiResponse(answer, window=Screen(answer, [row for row in rows if row]))


def _show_taken_before(manager: Manager, dialog: Dialog, by: Person) -> UiResponse:
    """A colleague was faster. Another tap takes the dialog anyway."""
    language, words = (
        manager.language,
        {"id": dialog.id, "title": inline(dialog.title), "who": inline(by.name)},
    )
    text = say("desk_notices.has_it_now", language, **words)
    take = callback_button(say("desk_notices.take", language), DialogVerb.TAKE, dialog.id)
    go = callback_button(say("manager.go", language, id=dialog.id), DialogVerb.GO_TO, dialog.id)
    return UiResponse(truncate(text, TOAST_LIMIT), alert=True, window=Screen(text, [[take, go]]))


def undo(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Names who took it back, also on a second tap, because in a group anybody may tap."""
    removal = undo_message(tx, manager=manager, message_id=pressed.number())
    who = name_of_remover(tx, message_id=pressed.number()) or manager.name
    undone = say("manager.undone", manager.language, who=inline(who))
    before = say("manager.delete_removed_before", manager.language)
    if removal is Removal.PERHAPS_SENT:
        undone = f"{undone}\n{say('manager.delete_perhaps_sent', manager.language)}"
    return UiResponse(
        truncate(before if removal is Removal.REMOVED_BEFORE else undone, TOAST_LIMIT), window=Screen(undone)
    )


def send_again(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """🔁 Resends a message that the customer could not get. The result is shown as for any other message.

    If another dialog has become active in the meantime, the button changes to one that sends it there.
    """
    into = pressed.number(1) if len(pressed.button.args) > 1 else None
    try:
        sent = resend_message(tx, manager=manager, item_id=pressed.number(), into=into)
    except WrongState as refused:
        active = int(refused.obj["id"]) if refused.obj else 0
        there = callback_button(
            say("manager.send_in", manager.language, id=active),
            DialogVerb.RESEND_MESSAGE,
            pressed.number(),
            active,
        )
        return UiResponse(
            truncate(refused.sentence(manager.language), TOAST_LIMIT), alert=True, rows=[[there]]
        )
    answer = say("desk_notices.sending_again" if sent else "desk_notices.sent_already", manager.language)
    return UiResponse(answer, window=Screen(answer))
