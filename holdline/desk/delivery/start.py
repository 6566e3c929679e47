"""Starting calls: the last decision before sending. What is chosen here, under the chat's lock, may leave."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from holdline.desk.delivery.cooldown import next_aside, wait_for_album
from holdline.desk.delivery.discard import end_if_taken_back, give_up, park
from holdline.desk.delivery.fair_share import rest_for_others, waits_for_others
from holdline.desk.delivery.floods import is_careful
from holdline.desk.delivery.former_groups import NOT_OURS, is_left
from holdline.desk.delivery.merging import merge_waiting_lines
from holdline.desk.delivery.paid_calls import PAYS, count_paid, keep_affordable, permit_payment
from holdline.desk.marketing.admission import decide_admission
from holdline.desk.marketing.ending import drop_smart_replies
from holdline.desk.marketing.prefetch import prefetch_next_marketing
from holdline.dialogs.audience import Audience
from holdline.dialogs.gate import Gate, MessageClass, Passage, is_marketing, passage
from holdline.dialogs.marketing.admission import Ended, Postponed
from holdline.dialogs.outbox.changes import GroupExit
from holdline.dialogs.outbox.item import ASIDE, READER_LEFT_DESK, RIGHT_WITHDRAWN
from holdline.dialogs.outbox.kinds import kind_of, traits_of
from holdline.dialogs.outbox.messages import Album
from holdline.dialogs.outbox.retry_notes import RetryNotes
from holdline.dialogs.refusal import DeskError
from holdline.dialogs.rights import is_allowed
from holdline.store.broadcasts import budgets
from holdline.store.delivery import chats, in_flight, waiting_chats, waiting_marketing
from holdline.store.dialogs import places
from holdline.store.engines import leases
from holdline.store.people import customers, managers
from holdline.store.tx import Row, Tx
from holdline.telegram.call import Call, Skip, apply_fallbacks
from holdline.telegram.chats import is_group
from holdline.telegram.pacing import broadcasts_share

Render = Callable[[Tx, Row], Call | Skip]

UPLOAD_LEASE_SECONDS = 90.0  # an upload may take 75 s
_RENDER_ERRORS = (
    DeskError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    AssertionError,
)
_ENDED_PER_CHAT = 20  # most items ended in one chat before others have their turn


@dataclass(frozen=True, slots=True)
class StartedCall:
    """An item marked as being sent: the call must be made now, and settled with this token and epoch."""

    outbox_id: int
    chat_id: int
    kind: str
    attempt: int
    call: Call
    token: str
    epoch: int
    is_marketing: bool = False
    is_paid: bool = False
    shared: bool = False
    """Whether others write to this chat too (a chat of the desk), so that its lock is never held for long."""


@dataclass(frozen=True, slots=True)
class SendOptions:
    """Who starts the calls and how.

    `careful` renders each item in a savepoint: one that breaks the transaction is parked.
    `marketing_rest`: seconds until the call after those of `marketing_limit`.
    `marketing_started`: how many marketing calls there were before; it shares their turns between the classes.
    `paid_limit`: how many calls may be started in all, if broadcasts pay for those beyond the other limits.
    """

    epoch: int
    holder: str
    render: Render
    marketing_limit: int | None = None
    marketing_rest: float = 0.0
    marketing_started: int = 0
    paid_limit: int = 0
    lease_seconds: float = 30.0
    careful: bool = False


def start_calls(tx: Tx, *, limit: int, options: SendOptions) -> list[StartedCall]:
    """Starts at most `limit` calls, one per chat, dialog before marketing; no calls if the lease is stale or frozen."""
    fence = leases.current(tx, "sender")
    if fence is not None and (fence["epoch"] != options.epoch or _frozen(tx, fence["frozen_until_at"])):
        return []
    careful = fence is not None and is_careful(tx, fence)
    if careful:
        limit = 0 if in_flight.has_calls(tx) else min(limit, 1)
    waiting_chats.apply_announcements(tx)
    chosen = _choose_calls(tx, "dialog", limit, options)
    if fence is None or not _frozen(tx, fence["marketing_frozen_until_at"]):
        most = limit if options.marketing_limit is None else min(limit, options.marketing_limit)
        busy_chats = frozenset(item["chat_id"] for item, _ in chosen)
        chosen += _choose_calls(tx, "marketing", most - len(chosen), options, busy_chats=busy_chats)
        if tx.rules.paid_per_second:
            chosen = permit_payment(tx, chosen)
            is_open = options.paid_limit > len(chosen) and not careful
            chosen += _choose_paid(tx, options, chosen) if is_open else []
    return _mark_started(tx, chosen, options) if chosen else []


def _choose_paid(tx: Tx, options: SendOptions, chosen: list[tuple[Row, Call]]) -> list[tuple[Row, Call]]:
    busy_chats = frozenset(item["chat_id"] for item, _ in chosen)
    room = options.paid_limit - len(chosen)
    more = _choose_calls(tx, "paid", options.paid_limit, options, busy_chats=busy_chats)[:room]
    return keep_affordable(tx, more)


def _frozen(tx: Tx, until: object) -> bool:
    return until is not None and until > tx.at  # type: ignore[operator] # a datetime from an …_at column


def _choose_calls(
    tx: Tx, stream: str, room: int, options: SendOptions, *, busy_chats: frozenset[int] = frozenset()
) -> list[tuple[Row, Call]]:
    """One item with its call from each chat that has something due."""
    if room <= 0:
        return []
    chosen = []
    for chat, first in _lock_due_chats(tx, stream, room, options):
        if chat["chat_id"] in busy_chats:
            continue
        item = _choose(tx, chat, first, options)
        if item is None:
            chats.refresh_due_times(tx, chat["chat_id"])
        else:
            chosen.append(item)
    return chosen


def _lock_due_chats(tx: Tx, stream: str, room: int, options: SendOptions) -> list[tuple[Row, Row | None]]:
    """Locks due chats; for the dialog stream returns their first items too."""
    if stream == "dialog":
        return in_flight.lock_due_chats(tx, room)
    if stream == "paid":
        return [(chat, None) for chat in budgets.lock_due_chats(tx, room)]
    share = broadcasts_share(options.marketing_started, room)
    locked = chats.lock_due_for_marketing(tx, room, for_broadcasts=share)
    return [(chat, None) for chat in prefetch_next_marketing(tx, locked)]


def _choose(tx: Tx, chat: Row, first: Row | None, options: SendOptions) -> tuple[Row, Call] | None:
    """The first item that may be sent now; items that may never be sent are ended on the way."""
    if chat["marketing_due_at"] is not None and _gate(tx, chat) is Gate.HELD:
        drop_smart_replies(tx, chat["customer_id"])
    deferred_customers: list[int] = []
    for _ in range(_ENDED_PER_CHAT):
        item = first or in_flight.next_item(
            tx, chat["chat_id"], "dialog", except_customers=deferred_customers
        )
        item, first = item or _next_marketing_item(tx, chat), None
        if item is None:
            break
        if (ended := _end_reason(tx, item)) is not None:
            give_up(tx, item, *ended)
            continue
        if end_if_taken_back(tx, item):
            continue
        if waits_for_others(tx, item):
            deferred_customers.append(item["about_customer_id"])
            continue
        if item["rank"] >= ASIDE and (item := next_aside(tx, item)) is None:
            continue
        if kind_of(item) is Album and wait_for_album(tx, item):
            return None
        call = _render_item(tx, item, options)
        if call is not None:
            return item, merge_waiting_lines(tx, item, call)
    if deferred_customers:
        rest_for_others(tx, chat["chat_id"])
    return None


def _next_marketing_item(tx: Tx, chat: Row) -> Row | None:
    """The next marketing item that may be sent. The gate is checked here again: this commit decides whether marketing
    may be sent, not its acceptance.
    """
    for _ in range(_ENDED_PER_CHAT):
        item = in_flight.next_item(tx, chat["chat_id"], "marketing")
        if item is None:
            return None
        says = passage(MessageClass(item["class"]), _gate(tx, chat))
        if says is Passage.HOLD:
            return None
        if says is Passage.DROP:
            give_up(tx, item, "dropped", "held")
            continue
        if _is_over(tx, item):
            return item  # the caller ends it; postponing it again would never end it
        match decide_admission(tx, item):
            case Ended(status, reason):
                give_up(tx, item, status, reason)
            case Postponed(until, reason, for_all):
                postpone = waiting_marketing.postpone_all_due if for_all else waiting_marketing.postpone
                postpone(tx, item, until=until, waits_for=reason)
            case None:
                return item
    return None


def _gate(tx: Tx, chat: Row) -> Gate:
    """The customer's gate: read with the chat if it was locked for marketing, otherwise read now, under the lock of the
    chat.
    """
    if "gate" in chat:
        return Gate(chat["gate"])
    return customers.gate_of(tx, chat["customer_id"]) if chat["customer_id"] is not None else Gate.OPEN


def _is_over(tx: Tx, item: Row) -> bool:
    return item["expires_at"] is not None and item["expires_at"] <= tx.at


def _end_reason(tx: Tx, item: Row) -> tuple[str, str] | None:
    """The status and reason if the item must not be sent any longer, otherwise None."""
    if _is_over(tx, item):
        return "expired", "expired"
    if item["stream"] == "dialog" and is_marketing(item["class"]):  # a manager sends it past the gate
        verdict = decide_admission(tx, item)
        return (verdict.status, verdict.reason) if isinstance(verdict, Ended) else None
    if item["audience"] == Audience.DESK and (why := _unreadable_reason(tx, item)):
        return "cancelled", why
    place = places.by_id(tx, item["place_id"]) if item["place_id"] is not None else None
    if place is not None and not place["live"] and place["mode"] == "topic" and place["thread_id"] is None:
        return "cancelled", "its place is gone"
    return None


def _unreadable_reason(tx: Tx, item: Row) -> str | None:
    """The reason if nobody may read the item there, otherwise None. A person's own chat (in Telegram its id is the
    person's, above 0) is shown desk items only while they belong to the desk, and some only while they have the right.
    """
    if is_group(item["chat_id"]):
        return NOT_OURS if kind_of(item) is not GroupExit and is_left(tx, item["chat_id"]) else None
    reader = managers.by_telegram_id(tx, item["chat_id"])
    if reader is None or not reader.active:
        return READER_LEFT_DESK
    act = traits_of(item).for_whom
    return RIGHT_WITHDRAWN if act is not None and not is_allowed(reader, act) else None


def _render_item(tx: Tx, item: Row, options: SendOptions) -> Call | None:
    """The call, or None after the item was ended: an item that cannot be rendered must not block its chat."""
    if options.careful:
        tx.run("SAVEPOINT rendering")
    try:
        rendered = options.render(tx, item)
    except Exception as broken:
        if options.careful:
            tx.run("ROLLBACK TO SAVEPOINT rendering")
        elif not isinstance(broken, _RENDER_ERRORS):
            raise  # the transaction may be broken: the sender starts again with `careful`
        give_up(tx, item, "parked", f"could not be rendered: {type(broken).__name__}: {broken}"[:300])
        return None
    if isinstance(rendered, Skip):
        if rendered.is_loss:
            park(tx, item, rendered.reason)
        else:
            give_up(tx, item, "cancelled", rendered.reason)
        return None
    return apply_fallbacks(rendered, RetryNotes.of(item).mends)


def _mark_started(tx: Tx, chosen: list[tuple[Row, Call]], options: SendOptions) -> list[StartedCall]:
    token = f"{options.holder}:{secrets.token_hex(8)}"
    attempts = in_flight.mark_sending(tx, [item["id"] for item, _ in chosen], epoch=options.epoch)
    marked = [(item, call) for item, call in chosen if item["id"] in attempts]
    count_paid(tx, [item for item, _ in marked if PAYS in item])
    for slow in (False, True):
        ids = [item["id"] for item, call in marked if bool(call.files or call.order) is slow]
        if ids:
            seconds = max(options.lease_seconds, UPLOAD_LEASE_SECONDS) if slow else options.lease_seconds
            in_flight.hold_chats(tx, ids, token=token, until=tx.at + timedelta(seconds=seconds))
    return [
        StartedCall(
            item["id"],
            item["chat_id"],
            item["kind"],
            attempts[item["id"]],
            call,
            token,
            options.epoch,
            is_marketing=item["stream"] == "marketing",
            is_paid=PAYS in item,
            shared=item["audience"] == Audience.DESK,
        )
        for item, call in marked
    ]
