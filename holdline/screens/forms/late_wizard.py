"""An opening wizard whose customer got a dialog from a colleague in the meantime."""

from holdline.desk.dialogs.opening_notices import OVER
from holdline.dialogs.decisions.opening import second_dialog_refusal
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act, is_allowed
from holdline.screens.dialog_link import dialog_link_button
from holdline.screens.forms import resend
from holdline.screens.forms.form import Form, end_form, load_form
from holdline.screens.screen import Screen
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.texts import say

__all__ = ["OVER", "end_over", "is_over", "words_to_send"]


def is_over(tx: Tx, form: Form) -> bool:
    """Whether the customer has an active dialog, or had one since the wizard started."""
    return form.step == OVER or dialogs.active_id(tx, form.values["customer_id"]) is not None


def words_to_send(tx: Tx, form: Form, manager: Manager) -> list[Form]:
    """The unsent kept messages that are to go out in the new dialog."""
    ids = form.values.get("kept", []) if is_allowed(manager, Act.REPLY) else []
    return [words for words in (load_form(tx, form_id) for form_id in ids) if not words.done]


def end_over(tx: Tx, form: Form, manager: Manager) -> Screen:
    """Ends the wizard with a link to the dialog and buttons to send the kept messages there."""
    language, active = manager.language, dialogs.active_of(tx, form.values["customer_id"])
    if active is None:
        return end_form(form, say("windows.form_over", language))
    form.done = True
    lines = [second_dialog_refusal(active).sentence(language)]
    rows = [[dialog_link_button(tx, active.id, say("manager.go", language, id=active.id))]]
    for words in words_to_send(tx, form, manager):
        lines.append(say("windows.open_unsent", language, text=resend.first_words(words)))
        rows.append(resend.send_buttons(tx, words, language))
    return Screen("\n".join(lines), rows)
