"""Messages refused before a new dialog was opened: named, each with a button that sends it there. Nothing is sent by
itself, because the dialog may be about something else.
"""

from holdline.desk.notices import bot_messages
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.screens.forms import resend
from holdline.screens.forms.form import FormPosition
from holdline.store.tx import Tx
from holdline.texts import say

MOST = 5
"""The newest. Earlier ones keep the buttons under their own refusals."""


def offer_unsent(tx: Tx, manager: Manager, dialog: Dialog, spot: FormPosition) -> None:
    """One message for each, in the order they were written, where the manager opened the dialog."""
    language = manager.language
    forms = resend.forms_for_new_dialog(tx, manager, customer_id=dialog.customer_id, chat_id=spot.chat_id)
    for form in forms[-MOST:]:
        text = say("windows.open_unsent", language, text=resend.first_words(form))
        buttons = [*resend.send_buttons(tx, form, language), resend.drop_button(form, language)]
        bot_messages.send_bot_message(
            tx,
            chat_id=spot.chat_id,
            thread_id=spot.thread_id,
            said=bot_messages.BotMessage(text, (), [[button] for button in buttons]),
            key=f"unsent:{form.id}:{dialog.id}",
        )
