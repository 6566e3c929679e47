"""Marketing that waits for a customer who will not have it, or cannot get it."""

from holdline.desk.marketing.outbound_events import record_outbound
from holdline.dialogs.event import Event, EventKind
from holdline.store.delivery import waiting_marketing
from holdline.store.tx import Tx


def end_marketing(tx: Tx, event: Event) -> None:
    """It never comes; the reason stands with each item."""
    match event.kind:
        case EventKind.MARKETING_STOPPED:
            reason = "opted_out"
        case EventKind.BOT_BLOCKED:
            reason = "blocked"
        case _:
            reason = event.data["reach"]
    cancel_marketing(tx, event.customer_id, reason)


def end_topic(tx: Tx, event: Event) -> None:
    """What waits of the topic never comes."""
    cancel_marketing(tx, event.customer_id, "opted_out", topic=event.data["topic"])


def cancel_marketing(tx: Tx, customer_id: int, reason: str, *, topic: str | None = None) -> None:
    """All of it, or that of one topic."""
    cancelled = waiting_marketing.cancel_marketing(tx, customer_id, reason, topic=topic)
    record_outbound(tx, EventKind.OUTBOUND_ENDED, cancelled, status="cancelled", reason=reason)
