"""Pause, resume, close: how each changes a dialog, and when it is refused."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from holdline.dialogs import rating
from holdline.dialogs.closing import (
    CloseReason,
    CloseRequest,
    Closing,
    fill_from_reason,
    fill_from_request,
    scorer_of,
)
from holdline.dialogs.decisions.decision import Decision
from holdline.dialogs.decisions.opening import refuse_second_dialog
from holdline.dialogs.dialog import CLOSED_STAGE, Dialog
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.life import next_state
from holdline.dialogs.refusal import ClosedBefore, NotAllowed, WrongState
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import in_zone, to_rfc3339


@dataclass(frozen=True, slots=True)
class EarlierClose:
    """Who closed a dialog, and when."""

    by: str
    at: datetime


def pause(dialog: Dialog, *, by: Actor, until: datetime | None = None) -> Decision:
    """Only an active dialog can be paused. `until` is when it resumes automatically."""
    decision = _move(dialog, "pause", by=by)
    if until is None:
        return decision
    (event,) = decision.events
    ends = replace(event, data={**event.data, "until": to_rfc3339(until)})
    return Decision(replace(decision.dialog, paused_until_at=until), (ends,))


def resume(dialog: Dialog, *, by: Actor, active: Dialog | None) -> Decision:
    """Only a paused dialog can be resumed, and only while its customer has no active one."""
    decision = _move(dialog, "resume", by=by)
    refuse_second_dialog(active)
    return decision


def close(
    dialog: Dialog,
    closing: Closing,
    *,
    by: Actor,
    at: datetime,
    request: CloseRequest | None,
    reasons: Sequence[CloseReason] = (),
) -> Decision:
    """Closes the dialog for good. Fields that the closer left out come from their reason, if it is one of `reasons`,
    then from the request.

    `send_rating_form` was settled before.
    """
    scorer = scorer_of(closing, request, closer=by)
    completed = fill_from_request(fill_from_reason(closing, reasons), request)
    completed = fill_from_reason(completed, reasons)
    after = replace(
        dialog,
        state=next_state(dialog.state, "close", dialog=dialog.as_object),
        stage=CLOSED_STAGE,
        paused_until_at=None,
        closed_at=at,
        customer_score=dialog.customer_score
        if completed.customer_score is None
        else completed.customer_score,
        close_reason=dialog.close_reason if completed.reason is None else completed.reason,
        close_comment=dialog.close_comment if completed.comment is None else completed.comment,
        root_cause=completed.root_cause or dialog.root_cause,
        outcome=completed.outcome or dialog.outcome,
        root_causes=_with(dialog.root_causes, completed.root_cause),
    )
    told = {"customer_score": after.customer_score, "customer_score_by": _actor_ref(scorer)}
    data = {"from": dialog.state, "to": after.state, **told, **_explanation(completed)}
    event = Event(EventKind.DIALOG_CLOSED, by, dialog.customer_id, dialog.id, completed.reason, data, dialog)
    return Decision(after, (event,))


def refuse_closed(dialog: Dialog) -> None:
    """Raises WrongState if the dialog is closed."""
    if dialog.state == "closed":
        raise WrongState(state=dialog.state, obj=dialog.as_object)


def refuse_second_close(dialog: Dialog, earlier: EarlierClose | None, *, time_zone: str) -> None:
    """Raises WrongState if the dialog is closed, and says who closed it and when, if history knows."""
    if dialog.state == "closed" and earlier is not None:
        at = in_zone(earlier.at, time_zone)
        raise ClosedBefore(obj=dialog.as_object, who=inline(earlier.by), at=f"{at:%Y-%m-%d %H:%M}")
    refuse_closed(dialog)


def require_may_score(dialog: Dialog, closing: Closing, *, manager_id: int) -> None:
    """Only a manager who handled a dialog may score its customer (L-56).

    Anyone who may close it may close it without a score.
    """
    if closing.customer_score is None:
        return
    rating.valid(closing.customer_score, field="customer_score")
    if not dialog.is_handled_by(manager_id):
        raise NotAllowed("dialog.score", because="not_handler")


def _move(dialog: Dialog, verb: str, *, by: Actor) -> Decision:
    state = next_state(dialog.state, verb, dialog=dialog.as_object)
    kind = EventKind.DIALOG_PAUSED if state == "paused" else EventKind.DIALOG_RESUMED
    data = {"from": dialog.state, "to": state}
    event = Event(kind, by, dialog.customer_id, dialog.id, data=data, before=dialog)
    return Decision(replace(dialog, state=state, paused_until_at=None), (event,))


def _explanation(completed: Closing) -> dict[str, Any]:
    return {
        "rating_form": completed.send_rating_form,
        "reason": completed.reason,
        "comment": completed.comment,
        "root_cause": completed.root_cause,
        "outcome": completed.outcome,
    }


def _with(names: tuple[str, ...], name: str | None) -> tuple[str, ...]:
    return (*names, name) if name and name not in names else names


def _actor_ref(actor: Actor | None) -> dict[str, object] | None:
    return {"telegram_id": actor.telegram_id, "name": actor.name} if actor is not None else None
