"""The tap that says which dialog a note or a command was meant for."""

from holdline.desk.routing.reply_target import Meaning
from holdline.dialogs.manager import Manager
from holdline.dialogs.text.marks import typed_command
from holdline.screens.console.button_press import Press
from holdline.screens.console.commands import obey
from holdline.screens.console.manager_message import note_parts
from holdline.screens.forms.form import ended, loaded, saved
from holdline.screens.forms.resend import content_of, name_of
from holdline.screens.screen import Reaction
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.texts import say


def which(tx: Tx, manager: Manager, pressed: Press) -> Reaction:
    """Once: a second tap finds the form finished. What the command answers stands under the manager's own message."""
    form = loaded(tx, pressed.number())
    if form.manager_id != manager.id:
        return Reaction(say("windows.not_yours", manager.language), alert=True)
    if form.done:
        return Reaction(say("windows.form_over", manager.language), rows=[])
    meaning = _meant(pressed.number(1), pressed.number(2))
    if meaning is None:
        window = ended(form, say("windows.cancelled", manager.language))
    else:
        parts = [content_of(stored) for stored in form.values["contents"]]
        if typed_command(parts[0].text) is None:
            note_parts(tx, manager, meaning, parts)
        else:
            obey(tx, manager, parts, meaning=meaning)
        window = ended(form, say("windows.meant", manager.language, whom=_whom(tx, meaning)))
    saved(tx, form)
    return Reaction(window=window)


def _meant(dialog_id: int, customer_id: int) -> Meaning | None:
    if dialog_id:
        return Meaning("dialog", dialog_id=dialog_id)
    return Meaning("general", customer_id=customer_id) if customer_id else None


def _whom(tx: Tx, meaning: Meaning) -> str:
    if meaning.dialog_id is None:
        assert meaning.customer_id is not None
        return name_of(tx, meaning.customer_id)
    return f"{name_of(tx, dialogs.by_id(tx, meaning.dialog_id).customer_id)} · #{meaning.dialog_id}"
