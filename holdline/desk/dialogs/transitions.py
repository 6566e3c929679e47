"""Pause, resume and close: the state, the gate and the release of held messages are one transaction."""

from dataclasses import replace
from datetime import datetime

from holdline.desk.dialogs.assignment import take_over
from holdline.desk.dialogs.close_requests import ask_for_close, request_for
from holdline.desk.dialogs.decisions import carry_out
from holdline.desk.notices import views
from holdline.desk.people.managers import require_active, require_permission
from holdline.desk.people.participants import refuse_if_left
from holdline.desk.settings.close_reasons import close_reasons
from holdline.dialogs.closing import Closing
from holdline.dialogs.decisions import transitions as rules
from holdline.dialogs.decisions.assignment import MOVE
from holdline.dialogs.decisions.desk_fields import require_fields
from holdline.dialogs.decisions.postponing import valid_end
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import SYSTEM, Actor
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act, is_allowed
from holdline.store.dialogs import desk_fields, dialogs, history
from holdline.store.tx import Tx


def pause_dialog(
    tx: Tx,
    *,
    manager: Manager,
    dialog_id: int,
    until: datetime | None = None,
    typed_in: views.Where | None = None,
) -> Dialog:
    """Pauses the dialog and opens the gate: held messages leave in order. Notifies colleagues of who did it, except
    where it was typed. `until`: it then resumes by itself, unless another dialog of the customer is active.
    """
    require_permission(tx, manager, Act.MOVE_DIALOG)
    dialog = dialogs.load_locked(tx, dialog_id)
    decision = rules.pause(dialog, by=manager.as_actor(), until=until and valid_end(until, at=tx.at))
    refuse_if_left(tx, manager)  # the manager becomes the assignee
    return carry_out(tx, decision, before=dialog, typed_in=typed_in)


def resume_dialog(tx: Tx, *, manager: Manager, dialog_id: int, typed_in: views.Where | None = None) -> Dialog:
    """Resumes the dialog and holds the gate again; marketing that has not left yet waits again. Refused while another
    dialog is active.
    """
    require_permission(tx, manager, Act.MOVE_DIALOG)
    dialog = dialogs.load_locked(tx, dialog_id)
    decision = rules.resume(dialog, by=manager.as_actor(), active=dialogs.active_of(tx, dialog.customer_id))
    refuse_if_left(tx, manager)
    return carry_out(tx, decision, before=dialog, typed_in=typed_in)


def end_pause(tx: Tx, *, dialog_id: int) -> bool:
    """Resumes the dialog at the time named for it; it stays paused if the customer has another active dialog. Returns
    False if the pause does not end now.
    """
    dialog = dialogs.load_locked(tx, dialog_id)
    if not dialog.paused_until_at or dialog.paused_until_at > tx.at:
        return False
    if (active := dialogs.active_of(tx, dialog.customer_id)) is not None:
        dialogs.set_fields(tx, dialog_id, paused_until_at=None)
        words = {"id": dialog.id, "title": dialog.title, "other": active.id}
        views.notify_dialog(tx, dialog, "time.pause_goes_on", words)
        return True
    carry_out(tx, rules.resume(dialog, by=SYSTEM, active=None), before=dialog)
    return True


def close_dialog(
    tx: Tx, *, manager: Manager, dialog_id: int, closing: Closing, typed_in: views.Where | None = None
) -> Dialog:
    """Closes the dialog for good. If the manager may not close, asks those who may instead and leaves the dialog
    unchanged.
    """
    dialog = dialogs.load_locked(tx, dialog_id)
    refuse_if_closed(tx, dialog)
    rules.require_may_score(dialog, closing, manager_id=manager.id)
    if not is_allowed(require_active(tx, manager), Act.CLOSE_DIALOG):
        ask_for_close(tx, manager, dialog, closing)
        return dialog
    require_fields(desk_fields.all_fields(tx), dialog)
    take_over(tx, manager.as_actor(), dialog, cause=MOVE, is_shown=False)
    return apply_close(tx, manager.as_actor(), dialog, closing, typed_in=typed_in)


def refuse_if_closed(tx: Tx, dialog: Dialog) -> None:
    """Refuses a second close, saying who closed it and when."""
    last = history.last_close(tx, dialog.id) if dialog.state == "closed" else None
    earlier = rules.EarlierClose(last["actor_name"], last["created_at"]) if last is not None else None
    rules.refuse_second_close(dialog, earlier, time_zone=tx.rules.time_zone)


def apply_close(
    tx: Tx, actor: Actor, dialog: Dialog, closing: Closing, *, typed_in: views.Where | None = None
) -> Dialog:
    """Closes the dialog for a manager, or for the customer whose question is solved. Only managers must fill in
    required fields, because nobody else could.
    """
    if closing.send_rating_form is None:
        closing = replace(closing, send_rating_form=tx.rules.rating_form_default)
    request = request_for(tx, dialog.id, closing.request_id)
    offered = close_reasons(tx) if closing.reason or request else ()
    decision = rules.close(dialog, closing, by=actor, at=tx.at, request=request, reasons=offered)
    return carry_out(tx, decision, before=dialog, typed_in=typed_in)
