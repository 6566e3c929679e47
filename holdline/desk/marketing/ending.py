"""Ends marketing that waits for a customer who does not want it or cannot be reached."""

from holdline.desk.delivery.discard import give_up
from holdline.desk.marketing.admission import decide_admission
from holdline.desk.marketing.outbound_events import record_outbound
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.marketing.admission import Ended
from holdline.store.delivery import in_flight, outbound, waiting_marketing
from holdline.store.funnels import enrolments
from holdline.store.marketing import held
from holdline.store.tx import Row, Tx

ANSWERED = "answered"
"""Its arrival was not confirmed, but its customer has answered it."""


def end_marketing(tx: Tx, event: Event) -> None:
    """Cancels the customer's waiting marketing; the reason is stored with each item."""
    match event.kind:
        case EventKind.MARKETING_STOPPED:
            reason = "opted_out"
        case EventKind.BOT_BLOCKED:
            reason = "blocked"
        case _:
            reason = event.data["reach"]
    cancel_marketing(tx, event.customer_id, reason)


def end_topic(tx: Tx, event: Event) -> None:
    """Cancels waiting messages of the topic."""
    cancel_marketing(tx, event.customer_id, "opted_out", topic=event.data["topic"])


def cancel_marketing(tx: Tx, customer_id: int, reason: str, *, topic: str | None = None) -> None:
    """Cancels all waiting marketing of the customer, or that of one topic."""
    cancelled = waiting_marketing.cancel_marketing(tx, customer_id, reason, topic=topic)
    record_outbound(tx, EventKind.OUTBOUND_ENDED, cancelled, status="cancelled", reason=reason)


def drop_smart_replies(tx: Tx, customer_id: int) -> None:
    """Drops waiting automatic answers when the gate closes: people answer these messages now."""
    dropped = waiting_marketing.drop_smart_replies(tx, customer_id)
    record_outbound(tx, EventKind.OUTBOUND_ENDED, dropped, status="dropped", reason="held")


def end_returned_message(tx: Tx, outbox_id: int, *, may_have_arrived: bool) -> None:
    """Ends a message that returned to the queue if nobody wants it any longer. It would end at its next turn too, but
    behind a held gate that may take days, and it would be shown as waiting. One that a manager sent past a former hold
    waits behind the present one.
    """
    record_outbound(tx, EventKind.OUTBOUND_HELD, held.put_back_returned(tx, outbox_id))
    item = in_flight.find_queued(tx, outbox_id)
    if item is None:
        return
    if may_have_arrived and _is_answered(tx, item):
        give_up(tx, item, "cancelled", ANSWERED)
        return
    verdict = decide_admission(tx, item)
    if isinstance(verdict, Ended):
        give_up(tx, item, verdict.status, verdict.reason)


def _is_answered(tx: Tx, item: Row) -> bool:
    """Whether its funnel has gone on past it, which only the customer's own act can cause while it is in flight."""
    if item["enrolment_id"] is None:
        return False
    enrolment = enrolments.load(tx, item["enrolment_id"])
    return enrolment.is_running and enrolment.outbox_id != outbound.first_part_id(tx, item)
