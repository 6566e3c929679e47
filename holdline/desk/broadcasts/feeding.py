"""Feeds recipients into the outbox, only as many as keep the sender busy; each in the transaction that records it."""

from collections.abc import Sequence
from enum import Enum, auto

from holdline.desk.broadcasts.messages import put_into_outbox
from holdline.desk.marketing.admission import decide_admission
from holdline.desk.people.keys import count_this_minute, room_this_minute
from holdline.dialogs.broadcasts.broadcast import PAUSED, Broadcast, BroadcastStatus, recipient_status
from holdline.dialogs.event import Event
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.marketing.admission import Ended, Postponed
from holdline.dialogs.refusal import BadInput
from holdline.store.broadcasts import broadcasts, recipients
from holdline.store.people import customers
from holdline.store.tx import Tx

FED_AT_ONCE = 25
"""Recipients in one transaction, which takes some ten milliseconds."""
AHEAD_SECONDS, AHEAD_LEAST, AHEAD_MOST = 4.0, 40, 1000
"""How much waits ready for the sender: little enough that a later broadcast is not far behind, and enough for a slow
turn.
"""


def ahead_of_sender(per_second: float, broadcasts_at_once: int) -> int:
    """How many messages of one broadcast may wait in the outbox; simultaneous broadcasts share the sender's time."""
    wanted = AHEAD_SECONDS * per_second if per_second > 0 else AHEAD_MOST
    return int(max(AHEAD_LEAST, min(AHEAD_MOST, wanted)) / max(1, broadcasts_at_once)) or 1


def feed_chunk(tx: Tx, *, broadcast_id: int, ahead: int) -> int:
    """Feeds some recipients and returns how many; a tool's broadcast keeps to what its key may send a minute. Those
    behind a held gate come first, beyond the limit `ahead`.
    """
    broadcast = broadcasts.load(tx, broadcast_id)
    if broadcast.status is not BroadcastStatus.SENDING:
        return 0
    key_id = broadcast.author.api_key_id
    left = room_this_minute(tx, key_id) if key_id is not None else None
    most = FED_AT_ONCE if left is None else min(FED_AT_ONCE, left)
    behind_gate = recipients.list_due_behind_gate(tx, broadcast_id, limit=most) if most else []
    room = min(most - len(behind_gate), ahead - recipients.count_on_the_way(tx, broadcast_id))
    ready = recipients.list_due(tx, broadcast_id, limit=room) if room > 0 else []
    locked = recipients.lock_customers(tx, [*behind_gate, *ready])
    fed = [_feed(tx, broadcast, customer_id) for customer_id in locked]
    _count_for_key(tx, broadcast, fed)
    return len(fed) - fed.count(_Fed.NOTHING)


def feed_opened(tx: Tx, event: Event) -> None:
    """Feeds what broadcasts have for a customer whose gate is held from now on, so that it is listed among the held
    messages, also if the key of a tool has no room left in this minute.
    """
    for broadcast_id in recipients.list_sending_to(tx, event.customer_id):
        broadcast = broadcasts.load(tx, broadcast_id)
        _count_for_key(tx, broadcast, [_feed(tx, broadcast, event.customer_id)])


class _Fed(Enum):
    """What feeding did with a recipient. `DECIDED`: ended or put off, without a message."""

    QUEUED = auto()
    DECIDED = auto()
    NOTHING = auto()


def _count_for_key(tx: Tx, broadcast: Broadcast, fed: Sequence[_Fed]) -> None:
    """Counts the messages in the minute of the key that the broadcast comes from, if there is one."""
    key_id, messages = broadcast.author.api_key_id, fed.count(_Fed.QUEUED)
    if key_id is not None and messages:
        count_this_minute(tx, key_id, messages)


def _feed(tx: Tx, broadcast: Broadcast, customer_id: int) -> _Fed:
    """Feeds one recipient, under the customer's lock, so that nobody else does it too."""
    if not recipients.take(tx, broadcast.id, customer_id):
        return _Fed.NOTHING
    item = {
        "id": None,
        "message_id": None,
        "customer_id": customer_id,
        "class": MessageClass.BROADCAST.value,
        "stream": "marketing",
        "broadcast_id": broadcast.id,
        "enrolment_id": None,
        "api_key_id": None,
        "marketing_topic": broadcast.topic,
    }
    match decide_admission(tx, item):
        case Ended(status, reason):
            recipients.settle(tx, broadcast.id, customer_id, recipient_status(status, reason), reason=reason)
        case Postponed(reason=reason) if reason == PAUSED:
            return _Fed.NOTHING  # paused just now: fed when the broadcast goes on
        case Postponed(until, reason):
            recipients.postpone(tx, broadcast.id, customer_id, until=until, waits_for=reason)
        case None:
            return _put_into_outbox(tx, broadcast, customer_id)
    return _Fed.DECIDED


def _put_into_outbox(tx: Tx, broadcast: Broadcast, customer_id: int) -> _Fed:
    if broadcast.expires_at is not None and broadcast.expires_at <= tx.at:
        recipients.settle(tx, broadcast.id, customer_id, "expired", reason="expired")
        return _Fed.DECIDED
    customer = customers.load(tx, customer_id)
    variant = broadcast.content.choose_variant(broadcast.id, customer_id)
    try:
        outbox_id = put_into_outbox(tx, broadcast, customer, variant=variant)
    except BadInput as refused:  # too long or empty with this customer's values
        recipients.settle(tx, broadcast.id, customer_id, "failed", reason=refused.remedy())
        return _Fed.DECIDED
    recipients.set_outbox_id(tx, broadcast.id, customer_id, outbox_id=outbox_id, variant=variant)
    return _Fed.QUEUED
