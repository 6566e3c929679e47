"""Presses about a scheduled reply: send it now, edit it, or cancel it."""

from holdline.desk.conversation.scheduling import cancel_scheduled_reply, send_scheduled_reply
from holdline.dialogs.conversation.scheduled_reply import NoLongerScheduled
from holdline.dialogs.manager import Manager
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.console.forms import show_form
from holdline.screens.forms.timing import scheduled_form
from holdline.screens.screen import Screen, UiResponse
from holdline.store.tx import Tx
from holdline.texts import say


def send_now(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Refused with the same remedies as any reply."""
    outside = len(pressed.button.args) > 1
    try:
        send_scheduled_reply(tx, manager=manager, reply_id=pressed.number(), outside=outside)
    except NoLongerScheduled as over:
        return _say_over(over, manager)
    sent = say("scheduled.sending", manager.language)
    return UiResponse(sent, window=Screen(sent))


def edit(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """✏️ The next message typed there is its new text."""
    form = scheduled_form.begin(tx, manager, spot=pressed.form_spot, reply_id=pressed.number())
    show_form(tx, form, manager, spot=pressed.spot)
    return UiResponse()


def cancel(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    try:
        reply = cancel_scheduled_reply(tx, manager=manager, reply_id=pressed.number())
    except NoLongerScheduled as over:
        return _say_over(over, manager)
    cancelled = say("scheduled.cancelled", manager.language, id=reply.dialog_id)
    return UiResponse(cancelled, window=Screen(cancelled))


def _say_over(over: NoLongerScheduled, manager: Manager) -> UiResponse:
    """Replaces the message, which no longer applies, and removes its buttons."""
    sentence = over.sentence(manager.language)
    return UiResponse(sentence, alert=True, window=Screen(sentence))
