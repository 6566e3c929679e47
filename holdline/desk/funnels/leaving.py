"""How enrolments end before their last step: the customer leaves, wants no marketing or cannot be reached."""

from dataclasses import replace

from holdline.desk.marketing.outbound_events import record_outbound
from holdline.desk.notices import views
from holdline.desk.record import record
from holdline.dialogs.event import SYSTEM, Actor, Event, EventKind
from holdline.dialogs.funnels.enrolment import Enrolment, EnrolmentState
from holdline.store.delivery import waiting_marketing
from holdline.store.dialogs import dialogs
from holdline.store.funnels import enrolments, funnels, waiting_entries
from holdline.store.tx import Tx

_REASONS = {EventKind.MARKETING_STOPPED: "opted_out", EventKind.BOT_BLOCKED: "blocked"}


def funnel_event(tx: Tx, kind: EventKind, enrolment: Enrolment, by: Actor) -> Event:
    """An event about the enrolment; its text is the name of the funnel."""
    data = {
        "enrolment_id": enrolment.id,
        "funnel_id": enrolment.funnel_id,
        "version": enrolment.version,
        **({"entry": enrolment.entry} if enrolment.is_running else {"reason": enrolment.reason}),
        **({"goal": enrolment.goal} if enrolment.goal else {}),
    }
    name = funnels.name_of(tx, enrolment.funnel_id)
    return Event(kind, by, enrolment.customer_id, text=name, data=data)


def leave_funnels(tx: Tx, event: Event) -> None:
    """Ends all running enrolments of a customer whom marketing no longer reaches, and their wait for paused ones."""
    reason = _REASONS.get(event.kind) or str(event.data.get("reach", "unreachable"))
    waiting_entries.forget_customer(tx, event.customer_id)
    for enrolment in enrolments.list_running(tx, event.customer_id):
        end_enrolment(tx, enrolment, state="left", reason=reason)


def end_enrolment(
    tx: Tx, enrolment: Enrolment, *, state: EnrolmentState, reason: str, by: Actor = SYSTEM
) -> Enrolment:
    """Ends the enrolment and cancels its waiting message; one in flight may arrive. The caller holds the customer's
    chat. `by`: who is named in the history.
    """
    ended = replace(
        enrolment,
        state=state,
        reason=reason,
        next_at=None,
        kept_press=None,
        ended_at=tx.at,
    )
    enrolments.save(tx, ended)
    kind = EventKind.FUNNEL_FINISHED if state == "done" else EventKind.FUNNEL_LEFT
    record(tx, [funnel_event(tx, kind, ended, by)])
    cancelled = waiting_marketing.cancel_of_enrolment(tx, enrolment.id, "funnel_left")
    record_outbound(tx, EventKind.OUTBOUND_ENDED, cancelled, status="cancelled", reason="funnel_left")
    active = dialogs.active_of(tx, enrolment.customer_id) if cancelled else None
    if active is not None:
        views.refresh_cards(tx, active, counted=True)
    return ended
