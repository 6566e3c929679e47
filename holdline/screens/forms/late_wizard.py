"""A wizard whose customer got a dialog from a colleague meanwhile."""

from holdline.desk.dialogs.opening_notices import OVER
from holdline.dialogs.decisions.opening import second_dialog_refusal
from holdline.dialogs.manager import Manager
from holdline.screens.dialog_link import dialog_link_button
from holdline.screens.forms.form import Form, end_form
from holdline.screens.screen import Screen
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.texts import say

__all__ = ["OVER", "end_over", "is_over"]


def is_over(tx: Tx, form: Form) -> bool:
    """Whether a colleague was quicker: the customer has a dialog, or had one since the wizard began."""
    return form.step == OVER or dialogs.active_id(tx, form.values["customer_id"]) is not None


def end_over(tx: Tx, form: Form, manager: Manager) -> Screen:
    active = dialogs.active_of(tx, form.values["customer_id"])
    if active is None:
        return end_form(form, say("windows.form_over", manager.language))
    go = dialog_link_button(tx, active.id, say("manager.go", manager.language, id=active.id))
    form.done = True
    return Screen(second_dialog_refusal(active).sentence(manager.language), [[go]])
