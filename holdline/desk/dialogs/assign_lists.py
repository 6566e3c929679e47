"""The colleagues offered by /assign: when a colleague has assigned the dialog first, the open lists say who has it and
offer nobody any longer.
"""

from holdline.desk.dialogs.transition_notices import transition_line
from holdline.desk.notices import views
from holdline.desk.notices.updatable_notices import redraw_form
from holdline.dialogs.decisions.assignment import INTERVENTION, LEFT_DESK, MOVE
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event, EventKind
from holdline.store.dialogs import dialogs
from holdline.store.screens import forms
from holdline.store.tx import Tx

KIND = "assign"
"""The kind of their forms. Such a form takes no text and handles no presses."""


def end_assign_lists(tx: Tx, event: Event) -> None:
    """Ends the open /assign lists of the dialog. They stay open if nobody chose the new assignee: after a reply, a
    pause or resume, or a departure.
    """
    if event.data.get("cause") in (INTERVENTION, MOVE, LEFT_DESK):
        return
    dialog = dialogs.of_event(tx, event)
    is_closed = event.kind is EventKind.DIALOG_CLOSED
    line = transition_line(dialog, event.actor) if is_closed else _assignee_line(dialog)
    for form in forms.lock_forms_of_dialog(tx, KIND, dialog.id):
        forms.finish(tx, form["id"])
        redraw_form(tx, form, [line], dialog_id=dialog.id, buttons=[[views.go_to_button(dialog.id)]])


def _assignee_line(dialog: Dialog) -> views.Line:
    if dialog.assignee is None and dialog.team is not None:
        return {"key": "manager.assigned", "words": {"id": dialog.id, "name": dialog.team}}
    if dialog.assignee is None:
        return {"key": "manager.assigned_nobody", "words": {"id": dialog.id}}
    return {"key": "manager.assigned", "words": {"id": dialog.id, "name": dialog.assignee.name}}
