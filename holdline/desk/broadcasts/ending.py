"""Ends recipients of a cancelled or expired broadcast in the background, and detects when a broadcast is done."""

from holdline.desk.marketing.outbound_events import record_outbound
from holdline.dialogs.broadcasts.broadcast import CANCELLED, Broadcast, BroadcastStatus
from holdline.dialogs.broadcasts.pace import new_pace
from holdline.dialogs.event import EventKind
from holdline.store.broadcasts import broadcasts, recipients, waiting_messages
from holdline.store.tx import Tx

MESSAGES_AT_ONCE, RECIPIENTS_AT_ONCE, TALLIES_AT_ONCE = 25, 2000, 2000


def end_chunk(tx: Tx, *, broadcast_id: int) -> bool:
    """Ends some recipients of a cancelled broadcast; returns whether there may be more. Messages waiting in the outbox
    come first, because managers see them.
    """
    broadcast = broadcasts.load(tx, broadcast_id)
    waiting = waiting_messages.list_customers(tx, broadcast_id, limit=MESSAGES_AT_ONCE)
    locked = recipients.lock_customers(tx, waiting)
    for customer_id in locked:
        _cancel_message(tx, broadcast.id, customer_id)
    if waiting:
        return bool(locked)
    more = recipients.settle_unsent(tx, broadcast_id, "cancelled", reason=CANCELLED, limit=RECIPIENTS_AT_ONCE)
    if not more and not _has_anybody_left(tx, broadcast_id):
        broadcasts.set_fields(tx, broadcast_id, ended_at=tx.at)
    return bool(more)


def expire_chunk(tx: Tx, *, broadcast_id: int) -> bool:
    """Ends some recipients who are not in the outbox when a broadcast expires; returns whether there may be more."""
    expired = recipients.settle_unsent(
        tx, broadcast_id, "expired", reason="expired", limit=RECIPIENTS_AT_ONCE
    )
    return bool(expired)


def sum_up(tx: Tx) -> bool:
    """Adds up the results of recipients; returns whether there may be more."""
    return recipients.sum_up_tallies(tx, limit=TALLIES_AT_ONCE) == TALLIES_AT_ONCE


def measure_and_finish(tx: Tx, *, broadcast_id: int) -> bool:
    """Measures the pace; returns whether the broadcast is done now, because nobody waits and nobody is held."""
    broadcast = broadcasts.load_locked(tx, broadcast_id)
    if broadcast.status is not BroadcastStatus.SENDING:
        return False
    _measure(tx, broadcast)
    figures = broadcasts.figures_of(tx, broadcast_id)
    if broadcast.gathered_at is None or figures.settled < figures.recipients:
        return False
    broadcasts.set_fields(tx, broadcast_id, status=BroadcastStatus.DONE.value, ended_at=tx.at)
    return True


def _has_anybody_left(tx: Tx, broadcast_id: int) -> bool:
    """Also somebody whom another transaction has locked, to feed them: nobody would settle them after the end."""
    return recipients.is_any_unfed(tx, broadcast_id) or waiting_messages.is_on_the_wire(tx, broadcast_id)


def _cancel_message(tx: Tx, broadcast_id: int, customer_id: int) -> None:
    cancelled = waiting_messages.cancel(tx, broadcast_id, customer_id, reason=CANCELLED)
    record_outbound(tx, EventKind.OUTBOUND_ENDED, cancelled, status="cancelled", reason=CANCELLED)


def _measure(tx: Tx, broadcast: Broadcast) -> None:
    sent, looked_at, sent_before = broadcasts.measure(tx, broadcast.id)
    if looked_at is None:
        broadcasts.set_fields(tx, broadcast.id, measured_at=tx.at, measured_sent=sent)
        return
    pace = new_pace(sent - sent_before, (tx.at - looked_at).total_seconds())
    if pace is not None:
        broadcasts.set_fields(
            tx, broadcast.id, measured_at=tx.at, measured_sent=sent, per_second=pace or None
        )
