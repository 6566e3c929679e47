"""Settling: the outcome of a call becomes the item's new state, exactly once, and the chat is freed."""

from datetime import datetime, timedelta
from typing import assert_never

from holdline.desk.delivery import discard as ends
from holdline.desk.delivery.closed_groups import STOPPED_FOR, hold_unknown_refusal, is_in_a_group
from holdline.desk.delivery.cooldown import Cooldown, close_attempts, pause_after, record_operation
from holdline.desk.delivery.floods import end_care_if_accepted, record_flood
from holdline.desk.delivery.merging import (
    expand_merged,
    is_about_the_chat,
    keep_together,
    requeue_apart,
    separate,
)
from holdline.desk.delivery.paid_calls import settle_paid
from holdline.desk.delivery.partial_albums import requeue_partial_albums
from holdline.desk.delivery.refusals import handle_front_refusal, handle_refusal
from holdline.desk.delivery.start import StartedCall
from holdline.desk.delivery.success import record_crossings, record_sent
from holdline.desk.marketing.ending import end_returned_message
from holdline.dialogs.gate import MessageClass, Passage, is_marketing, passage
from holdline.dialogs.outbox.kinds import is_change
from holdline.store.delivery import chats, in_flight, waiting_chats
from holdline.store.engines import leases
from holdline.store.people import customers
from holdline.store.tx import Row, Tx
from holdline.telegram.outcomes import (
    UNCERTAIN_LIMIT,
    Action,
    Outcome,
    Refused,
    RetryLater,
    Scope,
    Sent,
    Uncertain,
)

_AFTER_DOUBT = timedelta(seconds=1)
_AFTER_FAULT = timedelta(seconds=3)
_SHUT = {Action.CHAT_STOPPED, Action.BLOCKED, Action.DEACTIVATED, Action.UNKNOWN_CHAT}
LOST_LEASE = "the lease ran out before an answer was stored"


def settle_all(tx: Tx, settled: list[tuple[StartedCall, Outcome]], *, bare: bool = False) -> list[bool]:
    """Settles the calls; returns which of them counted. A call that is not ours any longer (settled, reaped, another
    sender leads) changes nothing. `bare` leaves out what follows from an outcome.
    """
    lease = leases.current(tx, "sender")
    fence = lease["epoch"] if lease is not None else 0
    ours = [(call, outcome) for call, outcome in settled if fence <= call.epoch]
    moved_to = _new_chat_ids([outcome for _, outcome in ours])
    items = in_flight.load_locked(tx, [call.outbox_id for call, _ in ours], moved_to=moved_to)
    ended = [
        (*items[call.outbox_id], outcome)
        for call, outcome in ours
        if call.outbox_id in items and items[call.outbox_id][0]["lease_token"] == call.token
    ]
    end_care_if_accepted(tx, lease, ended)
    _end(tx, ended, bare=bare)
    done = {item["id"] for _, item, _ in ended}
    return [call.outbox_id in done for call, _ in settled]


def _new_chat_ids(outcomes: list[Outcome]) -> list[int]:
    """The new ids of groups that moved; they are locked with the other chats, before anything else."""
    new_ids = [outcome.new_chat_id for outcome in outcomes if isinstance(outcome, Refused)]
    return [chat_id for chat_id in new_ids if chat_id is not None]


def reap(tx: Tx, *, in_hand: frozenset[int] = frozenset(), bare: bool = False) -> int:
    """Ends calls whose lease expired, as nobody knows whether they were carried out; returns their number. `in_hand`:
    calls of this process whose answers are still expected, whatever the clock says. `bare`: as in `settle_all`.
    """
    late = [chat for chat in in_flight.lock_overdue(tx) if chat["in_flight_id"] not in in_hand]
    items = in_flight.load_locked(
        tx, [chat["in_flight_id"] for chat in late if chat["in_flight_id"] is not None]
    )
    idle = [chat["chat_id"] for chat in late if chat["in_flight_id"] not in items]
    if idle:
        chats.free(tx, idle, not_before=tx.at)
    _end(tx, [(chat, item, _unknown(item)) for chat, item in items.values()], bare=bare)
    waiting_chats.follow_moves(tx)
    if late:
        tx.wake("outbox")
    return len(items)


def _unknown(item: Row) -> Outcome:
    return RetryLater(LOST_LEASE, Scope.BOT) if is_change(item) else Uncertain(LOST_LEASE)


def _end(tx: Tx, ended: list[tuple[Row, Row, Outcome]], *, bare: bool = False) -> None:
    """Carries out what follows from each outcome, then frees all chats, which also counts the items added meanwhile."""
    rests: dict[Cooldown, list[int]] = {}
    if not bare:
        sent = [
            (item, outcome_sent.result) for _, item, outcome_sent in ended if isinstance(outcome_sent, Sent)
        ]
        record_sent(tx, expand_merged(tx, requeue_partial_albums(tx, sent)))
    for chat, item, outcome in ended:
        if not isinstance(outcome, Sent):
            waiting_chats.expect_reader(tx, item["chat_id"], item["audience"])
        rest = _settle_outcome_only(tx, item, outcome) if bare else _settle_item(tx, chat, item, outcome)
        if not bare and not isinstance(outcome, Sent) and is_marketing(item["class"]):
            end_returned_message(tx, item["id"], may_have_arrived=isinstance(outcome, Uncertain))
        rests.setdefault(rest, []).append(chat["chat_id"])
        record_operation(tx, chat, item, outcome)
    close_attempts(tx, ended)
    for rest, chat_ids in rests.items():
        chats.free(
            tx,
            sorted(chat_ids),
            not_before=rest.until,
            stop_reason=rest.stop_reason,
            doubt_reason=rest.doubt_reason,
        )


def _settle_outcome_only(tx: Tx, item: Row, outcome: Outcome) -> Cooldown:
    """Stores only the outcome, without what follows from it. A refused item is parked, and so is one that may have
    arrived often enough, so that neither is tried for ever.
    """
    status = _bare_status(item, outcome)
    words = f"what follows from {type(outcome).__name__} failed"
    others = separate(tx, item)
    if isinstance(outcome, Uncertain):
        for line in keep_together(item, others):
            in_flight.settle(tx, line["id"], status, error=words, payload_json=line["payload_json"])
            in_flight.set_uncertain_count(tx, line["id"], line["uncertain"] + 1)
        return Cooldown(tx.at + _AFTER_FAULT)
    for line in [item, *others] if status == "sent" else [item]:
        in_flight.settle(tx, line["id"], status, error=words)
    return Cooldown(tx.at + _AFTER_FAULT)


def _bare_status(item: Row, outcome: Outcome) -> str:
    match outcome:
        case Sent():
            return "sent"
        case Refused():
            return "parked"
        case Uncertain() if item["uncertain"] + 1 >= UNCERTAIN_LIMIT or _is_said_once(item):
            return "parked"
    return "queued"


def _settle_item(tx: Tx, chat: Row, item: Row, outcome: Outcome) -> Cooldown:
    rest = pause_after(tx, chat, item, outcome)
    settle_paid(tx, item, outcome)
    others = [] if isinstance(outcome, Sent) else separate(tx, item)
    match outcome:
        case Sent():
            pass  # recorded with all others that arrived
        case RetryLater(scope=Scope.FRONT) if not _too_late(tx, item):
            pages = handle_front_refusal(tx, item, outcome)
            return Cooldown(
                max(rest, tx.at + _AFTER_FAULT * pages), chat["stop_reason"], chat["doubt_reason"]
            )
        case RetryLater(reason, scope):
            if _too_late(tx, item):
                ends.give_up(tx, item, "dropped", f"held: {reason}", code=outcome.code)
            else:
                in_flight.settle(tx, item["id"], "queued", error=reason[:300], error_code=outcome.code)
            until = record_flood(tx, item, chat, outcome) if scope is Scope.CHAT else rest
            return Cooldown(max(rest, until), chat["stop_reason"], chat["doubt_reason"])
        case Uncertain(reason):
            for line in keep_together(item, others):
                _uncertain(tx, line, reason)
            pause = _AFTER_DOUBT * (item["uncertain"] + 1)
            return Cooldown(max(rest, tx.at + pause), chat["stop_reason"], chat["doubt_reason"])
        case Refused() if others and not is_about_the_chat(outcome):
            requeue_apart(tx, [item, *others], outcome)
            return Cooldown(max(rest, tx.at + _AFTER_FAULT), chat["stop_reason"], chat["doubt_reason"])
        case Refused():
            return _rest_after_refusal(tx, chat, item, outcome, rest)
        case _:
            assert_never(outcome)
    return Cooldown(rest)


def _too_late(tx: Tx, item: Row) -> bool:
    """Whether the gate closed while an automatic answer was in flight: it did not arrive, so it is dropped."""
    if item["stream"] != "marketing" or item["customer_id"] is None:
        return False
    return passage(MessageClass(item["class"]), customers.gate_of(tx, item["customer_id"])) is Passage.DROP


def _rest_after_refusal(tx: Tx, chat: Row, item: Row, outcome: Refused, rest: datetime) -> Cooldown:
    action = outcome.action
    if action is Action.TRY_AGAIN and is_in_a_group(item):
        return hold_unknown_refusal(tx, item, chat, outcome)
    handle_refusal(tx, item, chat, outcome)
    if item["chat_id"] < 0 and action in _SHUT:
        return Cooldown(tx.at + STOPPED_FOR, outcome.description[:200])
    if action in {Action.TRY_AGAIN, Action.MEDIA, Action.UNKNOWN_CHAT}:
        return Cooldown(max(rest, tx.at + _AFTER_FAULT * (item["failures"] + 1)))
    return Cooldown(rest)


def _uncertain(tx: Tx, item: Row, reason: str) -> None:
    """Repeats an uncertain item at most twice, then parks it for a person; an automatic answer is not repeated."""
    uncertain = item["uncertain"] + 1
    record_crossings(tx, [item], certain=False)
    if _is_said_once(item):
        ends.give_up(tx, item, "dropped", f"perhaps sent: {reason}")
    elif uncertain >= UNCERTAIN_LIMIT:
        ends.park(tx, item, f"perhaps sent {uncertain} times: {reason}", key="delivery.uncertain")
    else:
        in_flight.settle(tx, item["id"], "queued", error=reason[:300], payload_json=item["payload_json"])
    in_flight.set_uncertain_count(tx, item["id"], uncertain)


def _is_said_once(item: Row) -> bool:
    """Whether it is an automatic answer, which is not repeated: nobody misses it."""
    return bool(item["class"] == MessageClass.SMART_REPLY.value)
