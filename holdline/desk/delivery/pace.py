"""The sender's pace now: the configured limit, or what the last floods have left of it."""

from dataclasses import dataclass

from holdline.store.broadcasts import budgets
from holdline.store.engines import leases
from holdline.store.tx import Row, Tx
from holdline.telegram import pacing


def current_pace(tx: Tx) -> float:
    """Calls a second over all chats; 0 for no limit."""
    return pace_of(tx, leases.current(tx, "sender") or {})


@dataclass(frozen=True, slots=True)
class PaceNow:
    """Calls a second over all chats; `paid`: beside these, of broadcasts that pay."""

    per_second: float
    paid: float


def pace_now(tx: Tx) -> PaceNow:
    """The database is asked about payment only where the owner allows it."""
    free, most = current_pace(tx), tx.rules.per_second
    beside = tx.rules.paid_per_second - most
    if most <= 0 or beside <= 0 or not budgets.list_paying(tx):
        return PaceNow(free, 0)
    return PaceNow(free, beside * free / most)


def pace_of(tx: Tx, lease: Row) -> float:
    """The same for a lease that was already read."""
    pace_left, flood_at = lease.get("pace"), lease.get("flood_at")
    return pacing.current_pace(tx.rules.per_second, pace_left=pace_left, flood_at=flood_at, at=tx.at)
