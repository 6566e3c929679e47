"""Settle: the outcome of a call becomes the item's new state, exactly once, and the lane is free again."""

from datetime import datetime, timedelta
from typing import assert_never, cast

from holdline.desk import delivery_ends as ends
from holdline.desk.delivery_begin import Begun
from holdline.desk.delivery_floods import flooded
from holdline.desk.delivery_refusals import refused
from holdline.desk.delivery_success import crossed, sent
from holdline.dialogs import pacing
from holdline.dialogs.delivery import (
    UNCERTAIN_LIMIT,
    Action,
    Outcome,
    Refused,
    RetryLater,
    Scope,
    Sent,
    Uncertain,
)
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.kinds import COSMETIC
from holdline.store import attempts, in_flight, lanes, leases
from holdline.store.tx import Row, Tx, to_micros

STOPPED_FOR = timedelta(minutes=5)  # how often a group that refuses us is asked again
_AFTER_DOUBT = timedelta(seconds=1)
_AFTER_FAULT = timedelta(seconds=3)
LOST_LEASE = "the lease ran out before an answer was stored"


def settle_all(tx: Tx, settled: list[tuple[Begun, Outcome]], *, bare: bool = False) -> list[bool]:
    """Several outcomes at once, each as `settle`. `bare` leaves out what follows from them."""
    fence = leases.epoch(tx, "sender")
    return [
        _once(tx, begun.outbox_id, begun.token, outcome, bare=bare) if fence <= begun.epoch else False
        for begun, outcome in settled
    ]


def settle(tx: Tx, *, outbox_id: int, token: str, epoch: int, outcome: Outcome) -> bool:
    """False when this call is not ours any more (settled, reaped, or another sender leads): nothing is changed."""
    return leases.epoch(tx, "sender") <= epoch and _once(tx, outbox_id, token, outcome)


def _once(tx: Tx, outbox_id: int, token: str, outcome: Outcome, *, bare: bool = False) -> bool:
    found = in_flight.locked(tx, outbox_id)
    if found is None or found[0]["lease_token"] != token:
        return False
    (_settled_barely if bare else _settled)(tx, *found, outcome)
    return True


def reap(tx: Tx) -> int:
    """Calls whose lease ran out: nobody knows whether they were carried out. How many there were."""
    unknown = 0
    for lane in in_flight.overdue(tx):
        found = in_flight.locked(tx, lane["in_flight"]) if lane["in_flight"] is not None else None
        if found is None:
            _freed(tx, lane, tx.at)
            continue
        unknown += 1
        again = found[1]["kind"] in COSMETIC
        _settled(tx, *found, RetryLater(LOST_LEASE, Scope.BOT) if again else Uncertain(LOST_LEASE))
    if unknown:
        tx.wake("outbox")
    return unknown


def _settled_barely(tx: Tx, lane: Row, item: Row, outcome: Outcome) -> None:
    """The outcome alone: sent is sent; what was refused is parked, so that it cannot come round for ever."""
    _close_attempt(tx, item, outcome)
    status = {Sent: "sent", Refused: "parked"}.get(type(outcome), "queued")
    in_flight.settle(tx, item["id"], status, error=f"what follows from {type(outcome).__name__} failed")
    if isinstance(outcome, Uncertain):
        in_flight.doubted(tx, item["id"], item["uncertain"] + 1)
    _freed(tx, lane, tx.at + _AFTER_FAULT)


def _settled(tx: Tx, lane: Row, item: Row, outcome: Outcome) -> None:
    _close_attempt(tx, item, outcome)
    not_before, stopped = _paced(tx, lane, item, outcome), None
    match outcome:
        case Sent(result):
            sent(tx, item, lane, result)
        case RetryLater(reason, scope):
            in_flight.settle(tx, item["id"], "queued", error=reason[:300], error_code=outcome.code)
            stopped = lane["stopped"]
            if scope is Scope.CHAT:
                not_before = max(not_before, flooded(tx, item, lane, outcome))
        case Uncertain(reason):
            _uncertain(tx, lane, item, reason)
            not_before = max(not_before, tx.at + _AFTER_DOUBT * (item["uncertain"] + 1))
        case Refused(action=action):
            refused(tx, item, lane, outcome)
            if _stops(action, item):
                not_before, stopped = tx.at + STOPPED_FOR, outcome.description[:200]
            elif action in {Action.TRY_AGAIN, Action.MEDIA}:
                not_before = max(not_before, tx.at + _AFTER_FAULT * (item["failures"] + 1))
        case _:
            assert_never(outcome)
    _freed(tx, lane, not_before, stopped=stopped, item=item if _was_carried_out(outcome) else None)


def _stops(action: Action, item: Row) -> bool:
    closed = {Action.LANE_STOPPED, Action.BLOCKED, Action.DEACTIVATED, Action.UNKNOWN_CHAT}
    return item["chat_id"] < 0 and action in closed


def _uncertain(tx: Tx, lane: Row, item: Row, reason: str) -> None:
    """Repeated at most twice, then a person looks; an automatic answer is not worth a repeat."""
    uncertain = item["uncertain"] + 1
    crossed(tx, item, lane, certain=False)
    if item["class"] == MessageClass.SMART_REPLY.value:
        ends.give_up(tx, item, "dropped", f"perhaps sent: {reason}")
    elif uncertain >= UNCERTAIN_LIMIT:
        ends.park(tx, item, f"perhaps sent {uncertain} times: {reason}", key="delivery.uncertain")
    else:
        in_flight.settle(tx, item["id"], "queued", error=reason[:300])
    in_flight.doubted(tx, item["id"], uncertain)


def _close_attempt(tx: Tx, item: Row, outcome: Outcome) -> None:
    known: dict[str, object] = {}
    match outcome:
        case Sent():
            name = "sent"
        case RetryLater(reason, _, retry_after, code):
            name = "later"
            known = {
                "description": reason[:300],
                "retry_after": retry_after and int(retry_after),
                "code": code,
            }
        case Refused(code, description):
            name = "refused"
            known = {"description": description[:300], "code": code}
        case Uncertain(reason, code):
            name = "uncertain"
            known = {"description": reason[:300], "code": code}
    attempts.close(tx, item["id"], item["attempts"], name, **known)


def _was_carried_out(outcome: Outcome) -> bool:
    """Whether the chat's pace has to count it."""
    return not isinstance(outcome, RetryLater)


def _paced(tx: Tx, lane: Row, item: Row, outcome: Outcome) -> datetime:
    if not _was_carried_out(outcome):
        return cast("datetime", max(tx.at, lane["not_before_at"]))
    if lane["kind"] == "group":
        return pacing.group_pause(lane["recent_json"], tx.at, to_micros(tx.at), tx.rules)[0]
    return tx.at + pacing.spacing(tx.rules, edit=item["kind"] in COSMETIC)


def _freed(
    tx: Tx, lane: Row, not_before: datetime, *, stopped: str | None = None, item: Row | None = None
) -> None:
    recent = lane["recent_json"]
    if lane["kind"] == "group" and item is not None:
        recent = pacing.group_pause(recent, tx.at, to_micros(tx.at), tx.rules)[1]
    lanes.free(tx, lane["chat_id"], not_before=not_before, recent=recent, stopped=stopped)
