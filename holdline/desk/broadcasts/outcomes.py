"""Results of a broadcast's messages, stored in the transaction that settles each; and content that Telegram refuses."""

from holdline.desk.broadcasts.moves import pause_refused
from holdline.desk.marketing.content_refusals import is_about_content
from holdline.dialogs.broadcasts.broadcast import BroadcastStatus, recipient_status
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.marketing.content_refusals import count_refusal, is_enough
from holdline.store.broadcasts import broadcasts, recipients
from holdline.store.tx import Tx


def follow_recipient(tx: Tx, event: Event) -> None:
    """Stores that a broadcast's message was sent or ended unsent."""
    broadcast_id = event.data["broadcast_id"]
    if broadcast_id is None:
        return
    if event.kind is EventKind.OUTBOUND_SENT:
        recipients.settle(tx, broadcast_id, event.customer_id, "sent")
        return
    status, reason = event.data["status"], event.data["reason"]
    became = recipient_status(status, reason)
    recipients.settle(tx, broadcast_id, event.customer_id, became, reason=reason)
    if became == "failed":
        _count_refusal(tx, broadcast_id, outbox_id=event.data["outbox_id"], reason=reason)


def _count_refusal(tx: Tx, broadcast_id: int, *, outbox_id: int, reason: str) -> None:
    """Counts a refusal of the content; refusals that concern one reader, and unknown ones, do not count."""
    if not is_about_content(tx, outbox_id, reason):
        return
    broadcast = broadcasts.load_locked(tx, broadcast_id)
    refusals = count_refusal(broadcasts.refusals_of(tx, broadcast_id), reason)
    broadcasts.set_fields(tx, broadcast_id, refusals_json=refusals)
    if broadcast.status is BroadcastStatus.SENDING and is_enough(refusals, reason):
        pause_refused(tx, broadcast, reason=reason)
