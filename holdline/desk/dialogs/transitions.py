"""Pause, resume, close: the state, the gate and the release are one transaction."""

from dataclasses import replace
from typing import Any

from holdline.desk.dialogs.assignment import take_over
from holdline.desk.dialogs.close_requests import ask_for_close, request_for
from holdline.desk.dialogs.labels import root_cause_id, stage_id
from holdline.desk.dialogs.opening import refuse_if_active
from holdline.desk.notices import views
from holdline.desk.people.managers import require_active, require_permission
from holdline.desk.people.participants import MOVE, refuse_if_left
from holdline.desk.record import record
from holdline.dialogs import life, rating
from holdline.dialogs.closing import Closing, fill_from_request, scorer_of
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import ClosedBefore, NotAllowed, WrongState
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import in_zone
from holdline.store.dialogs import dialogs, history
from holdline.store.tx import Tx


def pause_dialog(tx: Tx, *, manager: Manager, dialog_id: int, typed_in: views.Where | None = None) -> Dialog:
    """Opens the gate: what was held leaves in order. Colleagues are told who did it, but where it was typed."""
    require_permission(tx, manager, "dialog.update")
    dialog = dialogs.load_locked(tx, dialog_id)
    state = life.next_state(dialog.state, "pause", dialog=dialog.as_object)
    return _apply_transition(tx, manager, dialog, state=state, typed_in=typed_in)


def resume_dialog(tx: Tx, *, manager: Manager, dialog_id: int, typed_in: views.Where | None = None) -> Dialog:
    """Holds the gate again, also for what is being released; refused while another dialog is active."""
    require_permission(tx, manager, "dialog.update")
    dialog = dialogs.load_locked(tx, dialog_id)
    state = life.next_state(dialog.state, "resume", dialog=dialog.as_object)
    refuse_if_active(tx, dialog.customer_id)
    return _apply_transition(tx, manager, dialog, state=state, typed_in=typed_in)


def close_dialog(
    tx: Tx, *, manager: Manager, dialog_id: int, closing: Closing, typed_in: views.Where | None = None
) -> Dialog:
    """For good. Without the permission it becomes a request to those who may; the dialog then stays as it is."""
    dialog = dialogs.load_locked(tx, dialog_id)
    refuse_if_closed(tx, dialog)
    if closing.customer_score is not None:
        rating.valid(closing.customer_score, field="customer_score")
        if not dialog.is_handled_by(manager.id):
            raise NotAllowed("dialog.score", because="not_handler")
    if not require_active(tx, manager).may("dialog.close"):
        ask_for_close(tx, manager, dialog, closing)
        return dialog
    take_over(tx, manager.as_actor(), dialog, cause=MOVE)
    return apply_close(tx, manager.as_actor(), dialog, closing, typed_in=typed_in)


def refuse_if_closed(tx: Tx, dialog: Dialog) -> None:
    """The refusal says by whom it was closed and when."""
    if dialog.state != "closed":
        return
    last = history.last_close(tx, dialog.id)
    if last is None:
        raise WrongState(state=dialog.state, obj=dialog.as_object)
    at = in_zone(last["created_at"], tx.rules.time_zone)
    raise ClosedBefore(obj=dialog.as_object, who=inline(last["actor_name"]), at=f"{at:%Y-%m-%d %H:%M}")


def apply_close(
    tx: Tx, actor: Actor, dialog: Dialog, closing: Closing, *, typed_in: views.Where | None = None
) -> Dialog:
    """The close itself, whoever does it: a manager, or the customer whose question is solved."""
    state = life.next_state(dialog.state, "close", dialog=dialog.as_object)
    request = request_for(tx, dialog.id, closing.request_id)
    scorer = scorer_of(closing, request, closer=actor)
    closing = fill_from_request(closing, request)
    dialogs.set_fields(
        tx,
        dialog.id,
        state=state,
        closed_at=tx.at,
        stage_id=stage_id(tx, "Closed"),
        **_close_fields(tx, closing),
    )
    wants_form = closing.send_rating_form
    form = tx.rules.rating_form_default if wants_form is None else wants_form
    score = dialogs.by_id(tx, dialog.id).customer_score
    data = {
        "from": dialog.state,
        "to": state,
        "customer_score": score,
        "customer_score_by": _actor_ref(scorer),
        "rating_form": form,
        "reason": closing.reason,
        "comment": closing.comment,
        "root_cause": closing.root_cause,
    }
    closed = _event(EventKind.DIALOG_CLOSED, actor, dialog, data=data, typed_in=typed_in)
    record(tx, [replace(closed, text=closing.reason)])
    return dialogs.by_id(tx, dialog.id)


def _apply_transition(
    tx: Tx, manager: Manager, dialog: Dialog, *, state: str, typed_in: views.Where | None
) -> Dialog:
    """Whoever moves it gets it, and so must not be leaving the desk just now."""
    refuse_if_left(tx, manager)
    dialogs.set_fields(tx, dialog.id, state=state)
    kind = EventKind.DIALOG_PAUSED if state == "paused" else EventKind.DIALOG_RESUMED
    actor, data = manager.as_actor(), {"from": dialog.state, "to": state}
    record(tx, [_event(kind, actor, dialog, data=data, typed_in=typed_in)])
    return dialogs.by_id(tx, dialog.id)


def _event(
    kind: EventKind, actor: Actor, before: Dialog, *, data: dict[str, Any], typed_in: views.Where | None
) -> Event:
    return Event(kind, actor, before.customer_id, before.id, data=data, before=before, typed_in=typed_in)


def _actor_ref(actor: Actor | None) -> dict[str, object] | None:
    return {"telegram_id": actor.telegram_id, "name": actor.name} if actor is not None else None


def _close_fields(tx: Tx, closing: Closing) -> dict[str, object]:
    """What is said about the close."""
    cause = root_cause_id(tx, closing.root_cause) if closing.root_cause else None
    told = {
        "customer_score": closing.customer_score,
        "close_reason": closing.reason,
        "close_comment": closing.comment,
        "root_cause_id": cause,
    }
    return {name: value for name, value in told.items() if value is not None}
