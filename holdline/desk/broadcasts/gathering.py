"""Turns the audience into recipients, a chunk of customers at a time; chunk and cursor are one transaction."""

from datetime import datetime

from holdline.dialogs.broadcasts.broadcast import Broadcast, BroadcastStatus
from holdline.dialogs.broadcasts.due_times import due_in_zone
from holdline.dialogs.marketing.customer_days import zone_of_customer
from holdline.store.broadcasts import broadcasts, recipients
from holdline.store.tx import Tx

CHUNK = 500
"""Customers looked at in one transaction: some ten milliseconds, so that nobody waits for it."""


def gather_chunk(tx: Tx, *, broadcast_id: int, size: int = CHUNK) -> bool:
    """Gathers a chunk; returns whether there may be more. After a crash at any point it resumes there: nobody is
    skipped or added twice.
    """
    broadcast = broadcasts.load_locked(tx, broadcast_id)
    if broadcast.gathered_at is not None or broadcast.status is not BroadcastStatus.SENDING:
        return False
    until_id = recipients.last_of_next_chunk(tx, broadcast.gathered_until_id, size)
    if until_id is None:
        broadcasts.set_fields(tx, broadcast_id, gathered_at=tx.at)
        return False
    added = recipients.gather(
        tx,
        broadcast,
        until_id=until_id,
        due_at=_due_at(tx, broadcast, tx.rules.time_zone),
        due_by_zone=_due_by_zone(tx, broadcast, until_id=until_id),
    )
    broadcasts.record_gathered(tx, broadcast_id, until_id=until_id, added=added)
    return True


def _due_by_zone(tx: Tx, broadcast: Broadcast, *, until_id: int) -> dict[str, datetime]:
    """Due times by zone, for customers of the chunk with a zone of their own; the desk's zone counts for the others."""
    if broadcast.local_time is None:
        return {}
    zones = recipients.list_zones(tx, after_id=broadcast.gathered_until_id, until_id=until_id)
    desk = tx.rules.time_zone
    return {zone: _due_at(tx, broadcast, zone_of_customer(zone, desk)) for zone in zones}


def _due_at(tx: Tx, broadcast: Broadcast, zone: str) -> datetime:
    return due_in_zone(broadcast.local_time, zone, at=tx.at) if broadcast.local_time else tx.at
