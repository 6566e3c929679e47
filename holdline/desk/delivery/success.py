"""What follows from success: copies that can be replied to, statuses, threads, cards, and late changes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from holdline.desk.marketing.outbound_events import record_outbound
from holdline.desk.notices.copy_edits import add_missing_parts, change_line_on_arrival, removal_item
from holdline.desk.notices.sent_notices import confirm_sent
from holdline.desk.record import record
from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.event import SYSTEM, Event, EventKind
from holdline.dialogs.gate import is_marketing
from holdline.dialogs.outbox.changes import CardPin, CopyEdit, CopyRemoval
from holdline.dialogs.outbox.item import ASIDE, Role
from holdline.dialogs.outbox.kinds import OutboxItem, item_of
from holdline.dialogs.outbox.messages import (
    Album,
    DeskNotice,
    InboxCard,
    InfoCard,
    MessagePart,
    RatingForm,
    TopicCreation,
)
from holdline.dialogs.outgoing import Outgoing
from holdline.store.conversation import messages
from holdline.store.delivery import delivery_results, in_flight, merging, outbox, telegram_messages, turns
from holdline.store.delivery.telegram_messages import TelegramMessage
from holdline.store.dialogs import place_threads, places, ratings
from holdline.store.tx import Row, Tx
from holdline.telegram.call import whole_number


@dataclass(frozen=True, slots=True)
class Arrival:
    """An outbox row that arrived: Telegram's answer, the message ids in it, and our messages, in the same order."""

    item: Row
    sent: OutboxItem
    result: Any
    ids: list[int]
    said: list[int]


def record_sent(tx: Tx, carried_out: list[tuple[Row, Any]]) -> None:
    """Marks the items as sent, with Telegram's answers, and updates everything that depends on them."""
    if not carried_out:
        return
    arrivals = [_arrival(tx, item, result) for item, result in carried_out]
    in_flight.settle_sent(
        tx,
        {
            arrival.item["id"]: arrival.ids[0] if arrival.ids else _thread(arrival.result)
            for arrival in arrivals
        },
    )
    telegram_messages.add_all(tx, [copy for arrival in arrivals for copy in _copies(arrival)])
    _remember_older_lines(tx, arrivals)
    _catch_up(tx, arrivals)
    _mark_messages(tx, arrivals)
    _record_marketing_sent(tx, arrivals)
    record_crossings(tx, [arrival.item for arrival in arrivals], certain=True)
    in_one_order = sorted(arrivals, key=lambda arrival: arrival.item["place_id"] or 0)  # by place
    for arrival in in_one_order:
        _update_views(tx, arrival)
        if arrival.item["uncertain"]:
            _remember_repeat(tx, arrival.item)


def _arrival(tx: Tx, item: Row, result: Any) -> Arrival:
    sent = item_of(item)
    is_said = sent.traits.leaves is Role.COPY and not _announces(sent)
    ids_said = outbox.message_ids_of(tx, item) if is_said else []
    return Arrival(item, sent, result, message_ids(result), ids_said)


def _remember_older_lines(tx: Tx, arrivals: list[Arrival]) -> None:
    """Links the older lines to the copy of merged lines, which represents the newest line; that one is first."""
    lines: dict[tuple[int, int], list[int]] = {}
    for arrival in arrivals:
        if arrival.item["merged_into"] is not None and arrival.ids:
            lines.setdefault((arrival.item["chat_id"], arrival.ids[0]), []).extend(arrival.said)
    for (chat_id, tg_message_id), message_ids in lines.items():
        merging.add_older_lines(tx, chat_id, tg_message_id, message_ids[1:])


def message_ids(result: Any) -> list[int]:
    """The message ids in the method's answer: Message, MessageId, a list of them, or True."""
    results = result if isinstance(result, list) else [result]
    ids = [whole_number(part.get("message_id")) for part in results if isinstance(part, dict)]
    return [message_id for message_id in ids if message_id is not None]


def record_crossings(tx: Tx, items: list[Row], *, certain: bool) -> None:
    """Records marketing that was in flight while a dialog opened, once, in that dialog's history."""
    marketing = [item for item in items if item["stream"] == "marketing"]
    crossed = delivery_results.find_crossings(tx, [item["id"] for item in marketing]) if marketing else set()
    for item in marketing:
        if item["id"] in crossed:
            _record_crossing(tx, item, certain=certain)


def _record_crossing(tx: Tx, item: Row, *, certain: bool) -> None:
    dialog_id = delivery_results.last_opened_dialog_id(tx, item["customer_id"])
    if dialog_id is None or delivery_results.is_crossing_recorded(tx, dialog_id, item["id"]):
        return
    data = {
        "outbox_id": item["id"],
        "message_id": item["message_id"],
        "class": item["class"],
        "certain": certain,
    }
    message = messages.by_id(tx, item["message_id"]) if item["message_id"] is not None else None
    words = message.content.text if message else None
    record(tx, [Event(EventKind.CROSSED, SYSTEM, item["customer_id"], dialog_id, words, data)])


def _thread(result: Any) -> int | None:
    return whole_number(result.get("message_thread_id")) if isinstance(result, dict) else None


def _update_views(tx: Tx, arrival: Arrival) -> None:
    item, ids, place_id = arrival.item, arrival.ids, arrival.item["place_id"]
    match arrival.sent:
        case TopicCreation() if place_id is not None:
            if (thread := _thread(arrival.result)) is not None:
                place_threads.set_thread(tx, place_id, thread)
            else:
                place_threads.fall_back_to_header(tx, place_id)
        case InfoCard() if place_id is not None and ids:
            place_threads.set_card(tx, place_id, ids[0])
            _pin(tx, item, ids[0])
        case RatingForm(rating_id):
            ratings.mark_delivered(tx, rating_id)
        case CopyRemoval(tg_message_id):
            telegram_messages.mark_deleted(tx, item["chat_id"], tg_message_id)
        case DeskNotice(vanish_seconds=float() | int() as seconds) if seconds and ids:
            _vanish_later(tx, item, ids[0], seconds)


def _announces(item: OutboxItem) -> bool:
    """Whether this is the card with the buttons for an album that follows it; it shows none of the album's parts
    itself.
    """
    return isinstance(item, InboxCard) and item.album


def _copies(arrival: Arrival) -> list[TelegramMessage]:
    """The copies that arrived, so that replies and reactions to them can be resolved."""
    item, ids, said, sent = arrival.item, arrival.ids, arrival.said, arrival.sent
    if sent.traits.leaves is None:
        return []
    first = None if _announces(sent) else item["message_id"]
    each = said if len(said) == len(ids) else [first] * len(ids)
    return [
        TelegramMessage(
            item["chat_id"],
            tg_message_id,
            sent.traits.leaves,
            Audience(item["audience"]),
            message_id=message_id,
            customer_id=item["customer_id"],
            dialog_id=item["dialog_id"],
            inbox_item_id=getattr(sent, "inbox_item_id", None),
            place_id=item["place_id"],
            part=0 if len(said) == len(ids) > 1 else getattr(sent, "part", 0),
        )
        for tg_message_id, message_id in zip(ids, each, strict=True)
    ]


def _mark_messages(tx: Tx, arrivals: list[Arrival]) -> None:
    """Marks messages to customers as sent, once their last part has arrived."""
    whole = [
        message_id
        for arrival in arrivals
        for message_id in arrival.said
        if _has_arrived_whole(tx, arrival, message_id)
    ]
    if whole:
        delivery_results.mark_messages_sent(tx, whole)
        confirm_sent(tx, whole)


def _record_marketing_sent(tx: Tx, arrivals: list[Arrival]) -> None:
    """Records that marketing messages were sent, once their last part has arrived."""
    whole = [
        arrival.item
        for arrival in arrivals
        if is_marketing(arrival.item["class"])
        and all(_has_arrived_whole(tx, arrival, message_id) for message_id in arrival.said)
    ]
    record_outbound(tx, EventKind.OUTBOUND_SENT, whole)


def _has_arrived_whole(tx: Tx, arrival: Arrival, message_id: int) -> bool:
    if arrival.item["audience"] == Audience.DESK or not isinstance(arrival.sent, MessagePart | Album):
        return False
    alone = isinstance(arrival.sent, MessagePart) and arrival.sent.parts in (None, 1)
    return alone or not outbox.has_unsent_parts(tx, message_id, except_id=arrival.item["id"])


def _catch_up(tx: Tx, arrivals: list[Arrival]) -> None:
    """Updates copies whose message was edited or taken back while they were in flight, when their ids were not known
    yet.
    """
    arrived_ids = sorted({message_id for arrival in arrivals if arrival.ids for message_id in arrival.said})
    changed = delivery_results.later_changes(tx, arrived_ids) if arrived_ids else {}
    for arrival in arrivals if changed else ():
        for tg_message_id, message_id in zip(arrival.ids, arrival.said, strict=False):
            if message_id in changed:
                _follow(tx, arrival, changed[message_id], tg_message_id)
    for arrival in arrivals:
        _add_parts(tx, arrival, changed)


def _add_parts(tx: Tx, arrival: Arrival, changed: dict[int, Row]) -> None:
    """Adds parts if the text grew after its parts were counted; those of an album's captions were never counted."""
    item, part, parts = arrival.item, getattr(arrival.sent, "part", 0), getattr(arrival.sent, "parts", None)
    is_last = part == (parts or 1) - 1
    for message_id in arrival.said if arrival.ids else ():
        now = changed.get(message_id, {})
        uncounted = isinstance(arrival.sent, Album) or (is_last and (now.get("edited_at") or parts is None))
        if uncounted and not now.get("deleted_at"):
            add_missing_parts(tx, message_id, item)


def _follow(tx: Tx, arrival: Arrival, changed: Row, tg_message_id: int) -> None:
    item = arrival.item
    about = {"message_id": changed["id"], "dialog_id": item["dialog_id"], "customer_id": item["customer_id"]}
    if changed["deleted_at"] is not None:
        outbox.add(tx, [removal_item(item, tg_message_id, **about)])
    elif changed["edited_at"] < item["begun_at"]:
        return
    elif item["merged_into"] is not None:
        change_line_on_arrival(tx, changed["id"], tg_message_id, chat_id=item["chat_id"])
    else:
        edit = Outgoing(
            to=Address(item["chat_id"]),
            item=CopyEdit(tg_message_id, getattr(arrival.sent, "part", 0)),
            key=f"edit:{changed['id']}:{tg_message_id}:late:{item['id']}",
            audience=Audience(item["audience"]),
            place_id=item["place_id"],
            **about,
        )
        turns.put_in_turn_of(tx, outbox.add(tx, [edit]), item)  # before the parts that may be added below


def _pin(tx: Tx, item: Row, tg_message_id: int) -> None:
    """Pins the card, only in a topic of its own: in a shared chat the cards of all dialogs would compete."""
    place = places.by_id(tx, item["place_id"])
    if place is None or place["mode"] != "topic":
        return
    pin = Outgoing(
        to=Address(item["chat_id"]),
        item=CardPin(tg_message_id),
        key=f"pin:{item['place_id']}:{tg_message_id}",
        dialog_id=item["dialog_id"],
        place_id=item["place_id"],
    )
    outbox.add(tx, [pin])


def _vanish_later(tx: Tx, item: Row, tg_message_id: int, seconds: float) -> None:
    """Schedules the removal of a short-lived notice."""
    removal = Outgoing(
        to=Address(item["chat_id"]),
        item=CopyRemoval(tg_message_id),
        key=f"vanish:{item['id']}",
        audience=Audience.DESK,
        dialog_id=item["dialog_id"],
        rank=ASIDE,
        due_at=tx.at + timedelta(seconds=seconds),
    )
    outbox.add(tx, [removal])


def _remember_repeat(tx: Tx, item: Row) -> None:
    """Records in history that the reader may have the item more than once, because an answer was lost."""
    if item["customer_id"] is None:
        return
    data = {
        "outbox_id": item["id"],
        "kind": item["kind"],
        "message_id": item["message_id"],
        "repeats": item["uncertain"],
    }
    record(
        tx, [Event(EventKind.POSSIBLY_REPEATED, SYSTEM, item["customer_id"], item["dialog_id"], data=data)]
    )
