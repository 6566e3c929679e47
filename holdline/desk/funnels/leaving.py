"""How enrolments end before their last step: the customer leaves, wants no marketing or cannot be reached."""

from dataclasses import replace

from holdline.desk.marketing.outbound_events import record_outbound
from holdline.desk.notices import views
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.funnels.enrolment import Enrolment, EnrolmentState
from holdline.store.delivery import waiting_marketing
from holdline.store.dialogs import dialogs
from holdline.store.funnels import enrolments
from holdline.store.tx import Tx

_REASONS = {EventKind.MARKETING_STOPPED: "opted_out", EventKind.BOT_BLOCKED: "blocked"}


def leave_funnels(tx: Tx, event: Event) -> None:
    """Ends all running enrolments of a customer whom marketing no longer reaches."""
    reason = _REASONS.get(event.kind) or str(event.data.get("reach", "unreachable"))
    for enrolment in enrolments.list_running(tx, event.customer_id):
        end_enrolment(tx, enrolment, state="left", reason=reason)


def end_enrolment(tx: Tx, enrolment: Enrolment, *, state: EnrolmentState, reason: str) -> Enrolment:
    """Ends the enrolment and cancels its waiting message; one in flight may arrive. The caller holds the customer's
    chat.
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
    cancelled = waiting_marketing.cancel_of_enrolment(tx, enrolment.id, "funnel_left")
    record_outbound(tx, EventKind.OUTBOUND_ENDED, cancelled, status="cancelled", reason="funnel_left")
    active = dialogs.active_of(tx, enrolment.customer_id) if cancelled else None
    if active is not None:
        views.refresh_cards(tx, active, counted=True)
    return ended
