"""Presses about a scheduled reply: send it now, edit it, or cancel it."""

from holdline.desk.conversation.scheduling import (
    cancel_scheduled_reply,
    load_open_reply,
    send_scheduled_reply,
)
from holdline.desk.notices.scheduled_notices import WORDS_SHOWN
from holdline.dialogs.conversation.scheduled_reply import NoLongerScheduled, ScheduledReplyChanged
from holdline.dialogs.manager import Manager
from holdline.dialogs.text.limits import TOAST_LIMIT
from holdline.dialogs.text.splitting import truncate
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.console.forms import show_form
from holdline.screens.forms.timing import scheduled_form
from holdline.screens.keyboards import callback_button
from holdline.screens.screen import Screen, UiResponse
from holdline.store.tx import Tx
from holdline.texts import say


def send_now(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Refused with the same remedies as any reply. If a colleague has changed it since, it is shown anew."""
    carried = len(pressed.button.args)  # buttons from before an upgrade carry less
    outside = carried > 1 and bool(pressed.number(1))
    try:
        send_scheduled_reply(
            tx,
            manager=manager,
            reply_id=pressed.number(),
            outside=outside,
            version=pressed.number(2) if carried > 2 else None,
        )
    except NoLongerScheduled as over:
        return _say_over(over, manager)
    except ScheduledReplyChanged as changed:
        return _show_anew(tx, manager, pressed, changed, outside=outside)
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


def _show_anew(
    tx: Tx, manager: Manager, pressed: ButtonPress, changed: ScheduledReplyChanged, *, outside: bool
) -> UiResponse:
    """The words as they are now, with the same button for them."""
    reply, language = load_open_reply(tx, reply_id=pressed.number()), manager.language
    sentence = changed.sentence(language)
    caption = say("scheduled.send_outside" if outside else "scheduled.send", language)
    send = callback_button(caption, DeskVerb.SEND_SCHEDULED, reply.id, int(outside), reply.version)
    drop = callback_button(say("scheduled.drop", language), DeskVerb.CANCEL_SCHEDULED, reply.id)
    words = say("scheduled.words", language, words=reply.excerpt(WORDS_SHOWN))
    shown = Screen(f"{sentence}\n\n{words}", [[send], [drop]])
    return UiResponse(truncate(sentence, TOAST_LIMIT), alert=True, window=shown)


def _say_over(over: NoLongerScheduled, manager: Manager) -> UiResponse:
    """Replaces the message, which no longer applies, and removes its buttons."""
    sentence = over.sentence(manager.language)
    return UiResponse(sentence, alert=True, window=Screen(sentence))
