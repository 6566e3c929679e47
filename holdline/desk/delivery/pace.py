"""The sender's pace now: the configured limit, or what the last floods have left of it."""

from dataclasses import dataclass

from holdline.store.broadcasts import budgets
from holdline.store.engines import leases
from holdline.store.tx import Row, Tx
from holdline.telegram import pacing


def current_pace(tx: Tx) -> float:
    """Calls a second over all chats; 0 for no limit."""
    return pace_of(tx, leases.current(tx, "sender") or {})


def can_go_faster(tx: Tx) -> bool:
    """Whether the owner lets broadcasts pay, and for more than the free pace."""
    return 0 < tx.rules.per_second < tx.rules.paid_per_second


@dataclass(frozen=True, slots=True)
class PaceNow:
    """Calls per second over all chats: `per_second` free ones, and `paid` more for broadcasts that pay."""

    per_second: float
    paid: float


def pace_now(tx: Tx) -> PaceNow:
    """The pace now. The database is asked for paying broadcasts only if the owner lets them pay."""
    free, most = current_pace(tx), tx.rules.per_second
    if not can_go_faster(tx) or not budgets.list_paying(tx):
        return PaceNow(free, 0)
    return PaceNow(free, (tx.rules.paid_per_second - most) * free / most)


def pace_of(tx: Tx, lease: Row) -> float:
    """The same for a lease that was already read."""
    pace_left, flood_at = lease.get("pace"), lease.get("flood_at")
    return pacing.current_pace(tx.rules.per_second, pace_left=pace_left, flood_at=flood_at, at=tx.at)
