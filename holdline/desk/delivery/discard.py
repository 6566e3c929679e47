"""How an item ends without being sent: cancelled, dropped, expired or parked, and what follows from that."""

from holdline.desk.delivery import failure_notices as notices
from holdline.desk.marketing.outbound_events import record_outbound
from holdline.desk.record import record
from holdline.dialogs.audience import Audience
from holdline.dialogs.event import SYSTEM, Event, EventKind
from holdline.dialogs.gate import is_marketing
from holdline.dialogs.outbox.item import Role, Worth
from holdline.dialogs.outbox.kinds import kind_of, traits_of
from holdline.dialogs.outbox.messages import Album, MessagePart, RatingForm, TopicCreation
from holdline.store.conversation import messages
from holdline.store.delivery import albums, in_flight, waiting_marketing
from holdline.store.delivery import outbox as outbox_rows
from holdline.store.dialogs import place_threads, ratings
from holdline.store.tx import Row, Tx

UNREACHABLE = "unreachable"
TAKEN_BACK = "taken back"


def give_up(tx: Tx, item: Row, status: str, reason: str, *, code: int | None = None) -> None:
    """Ends the item. `status`: cancelled, dropped, expired or parked; `reason` is stored with the item."""
    in_flight.settle(tx, item["id"], status, error=reason[:300], error_code=code)
    if kind_of(item) is TopicCreation:
        place_threads.fall_back_to_header(tx, item["place_id"])
    if kind_of(item) is RatingForm:
        ratings.mark_failed(tx, RatingForm.of(item).rating_id)
    if traits_of(item).leaves is Role.COPY and item["audience"] == Audience.CUSTOMER:
        for message_id in outbox_rows.message_ids_of(tx, item):
            messages.set_fields(tx, message_id, status=status)
    if is_marketing(item["class"]):
        waiting_marketing.end_other_parts(tx, item, status, reason[:300])
        record_outbound(tx, EventKind.OUTBOUND_ENDED, [item], status=status, reason=reason)


def end_if_taken_back(tx: Tx, item: Row) -> bool:
    """Ends a message to a customer that was taken back while it was in flight or parked; it is queued again but must
    not be sent. Of an album only the parts that were not taken back are sent. Returns whether the item has ended.
    """
    if item["audience"] != Audience.CUSTOMER or kind_of(item) not in (MessagePart, Album):
        return False
    said = outbox_rows.message_ids_of(tx, item)
    left = [message_id for message_id in said if not messages.is_deleted(tx, message_id)]
    if left == said:
        return False
    if left:
        item["payload_json"] = albums.set_parts(tx, item, left)
        return False
    give_up(tx, item, "cancelled", TAKEN_BACK)
    if item["uncertain"]:
        notices.notify(tx, item, "delivery.taken_back", reason=TAKEN_BACK)
    return True


def park(tx: Tx, item: Row, reason: str, *, code: int | None = None, key: str = "delivery.refused") -> None:
    """Parks an item that only a person can decide about: it stays visible, and the desk is notified."""
    give_up(tx, item, "parked", reason, code=code)
    if traits_of(item).worth is not Worth.WORDS:
        return
    if item["customer_id"] is not None and item["audience"] == Audience.CUSTOMER:
        record_undelivered(tx, item, reason)
    notices.notify(tx, item, key, reason=reason)
    if item["chat_id"] > 0 and _is_shown_to_nobody(tx, item):
        notices.notify_administrators(tx, "delivery.shown_to_nobody", item, reason=reason)


def record_undelivered(tx: Tx, item: Row, reason: str) -> None:
    """Records in history what the customer never received, and why."""
    data = {"outbox_id": item["id"], "kind": item["kind"], "message_id": item["message_id"], "reason": reason}
    record(tx, [Event(EventKind.UNDELIVERED, SYSTEM, item["customer_id"], item["dialog_id"], reason, data)])


def give_up_desk_chat(tx: Tx, item: Row, reason: str, *, code: int | None = None) -> None:
    """Ends the items for a manager's own chat that is closed to us: views are cancelled; alarms and customers' messages
    shown nowhere else are parked.
    """
    waiting = outbox_rows.list_queued(tx, item["chat_id"])
    for lost in [item, *(row for row in waiting if row["audience"] == Audience.DESK)]:
        alone = _is_shown_to_nobody(tx, lost)
        kept = alone or lost["payload_json"].get("alarm", False)
        give_up(tx, lost, "parked" if kept else "cancelled", f"{UNREACHABLE}: {reason}", code=code)
        if alone:
            notices.notify_administrators(tx, "delivery.shown_to_nobody", lost, reason=reason)


def _is_shown_to_nobody(tx: Tx, item: Row) -> bool:
    """Whether the item is a customer's message that no other item shows to the desk."""
    shows = item["audience"] == Audience.DESK and traits_of(item).shows_customer
    return shows and not outbox_rows.is_shown_elsewhere(tx, item)
