"""The tap that says which dialog a note or a command was meant for."""

from holdline.desk.routing.reply_target import ReplyTarget
from holdline.dialogs.manager import Manager
from holdline.dialogs.text.marks import parse_typed_command
from holdline.screens.console.button_press import ButtonPress
from holdline.screens.console.commands import run_command
from holdline.screens.console.manager_message import save_note_parts
from holdline.screens.forms.form import end_form, load_form, save_form
from holdline.screens.forms.resend import content_from_json, customer_name
from holdline.screens.screen import UiResponse
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.texts import say


def choose_dialog(tx: Tx, manager: Manager, pressed: ButtonPress) -> UiResponse:
    """Works once: a second tap finds the form finished. A command's answer is a reply to the manager's message."""
    form = load_form(tx, pressed.number())
    if form.manager_id != manager.id:
        return UiResponse(say("windows.not_yours", manager.language), alert=True)
    if form.done:
        return UiResponse(say("windows.form_over", manager.language), rows=[])
    meaning = _target_of(pressed.number(1), pressed.number(2))
    if meaning is None:
        screen = end_form(form, say("windows.cancelled", manager.language))
    else:
        parts = [content_from_json(stored) for stored in form.values["contents"]]
        if parse_typed_command(parts[0].text) is None:
            save_note_parts(tx, manager, meaning, parts)
        else:
            run_command(tx, manager, parts, meaning=meaning)
        screen = end_form(form, say("windows.meant", manager.language, whom=_recipient_caption(tx, meaning)))
    save_form(tx, form)
    return UiResponse(window=screen)


def _target_of(dialog_id: int, customer_id: int) -> ReplyTarget | None:
    if dialog_id:
        return ReplyTarget("dialog", dialog_id=dialog_id)
    return ReplyTarget("general", customer_id=customer_id) if customer_id else None


def _recipient_caption(tx: Tx, meaning: ReplyTarget) -> str:
    if meaning.dialog_id is None:
        assert meaning.customer_id is not None
        return customer_name(tx, meaning.customer_id)
    return f"{customer_name(tx, dialogs.by_id(tx, meaning.dialog_id).customer_id)} · #{meaning.dialog_id}"
