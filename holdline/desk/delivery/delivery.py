"""A round of delivery: settle returned calls, start due ones, end old ones. Each is one transaction."""

from dataclasses import dataclass
from datetime import timedelta

from holdline.desk.delivery.discard import give_up
from holdline.desk.delivery.settle import reap, settle_all
from holdline.desk.delivery.start import SendOptions, StartedCall, start_calls
from holdline.dialogs.gate import is_marketing
from holdline.store.delivery import chats, in_flight, outbox
from holdline.store.engines import leases
from holdline.store.tx import Tx
from holdline.telegram.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class SendRound:
    """The calls to make now. `rest_seconds`: nothing else is due before then; None if not looked at, or if nothing
    waits.
    """

    started: list[StartedCall]
    rest_seconds: float | None = None


def settle_and_start(
    tx: Tx, *, settled: list[tuple[StartedCall, Outcome]], limit: int, options: SendOptions
) -> SendRound:
    """Settles the returned calls and begins the next ones, in one commit instead of two."""
    settle_all(tx, settled)
    started = start_calls(tx, limit=limit, options=options) if limit > 0 or options.paid_limit > 0 else []
    if not settled and not started:
        tx.allow_lazy_commit()
    free = sum(not call.is_paid for call in started)
    rest = seconds_until_due(tx, marketing_rest=options.marketing_rest) if free < limit else None
    return SendRound(started, rest)


def expire_old(tx: Tx) -> int:
    """Ends expired items, also behind a held gate; returns their number. One expired part ends its whole message."""
    old = outbox.list_expired(tx)
    ended: set[int] = set()
    for item in old:
        if is_marketing(item["class"]) and item["message_id"] in ended:
            continue
        give_up(tx, item, "expired", "expired")
        ended.add(item["message_id"])
    return len(old)


def seconds_until_due(tx: Tx, *, marketing_rest: float = 0.0) -> float | None:
    """Seconds until the outbox has something to do, freezes included; None if nothing waits. `marketing_rest`:
    marketing begins no call before so many seconds.
    """
    fence = leases.current(tx, "sender") or {}
    frozen = fence.get("frozen_until_at") or tx.at
    marketing_frozen = max(frozen, fence.get("marketing_frozen_until_at") or tx.at)
    rested_at = tx.at + timedelta(seconds=marketing_rest)
    not_before = {"dialog": frozen, "marketing": max(marketing_frozen, rested_at)}
    due = [max(moment, not_before[stream]) for stream, moment in chats.next_due(tx).items()]
    return max(0.0, (min(due) - tx.at).total_seconds()) if due else None


def settle_orphans(tx: Tx, *, epoch: int, bare: bool = False) -> int:
    """Settles calls that dead senders left in flight (those before `epoch`) as unknown, at once. `bare` leaves out what
    follows from that.
    """
    in_flight.expire_orphaned_leases(tx, epoch)
    return reap(tx, bare=bare)
