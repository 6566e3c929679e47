"""The sender's pace now: the configured limit, or what the last floods have left of it."""

from holdline.store.engines import leases
from holdline.store.tx import Row, Tx
from holdline.telegram import pacing


def current_pace(tx: Tx) -> float:
    """Calls a second over all chats; 0 for no limit."""
    return pace_of(tx, leases.current(tx, "sender") or {})


def pace_of(tx: Tx, lease: Row) -> float:
    """The same for a lease that was already read."""
    pace_left, flood_at = lease.get("pace"), lease.get("flood_at")
    return pacing.current_pace(tx.rules.per_second, pace_left=pace_left, flood_at=flood_at, at=tx.at)
