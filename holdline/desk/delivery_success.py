"""What follows from success: copies that can be replied to, statuses, threads, cards, and what came too late."""

from datetime import timedelta
from typing import Any

from holdline.dialogs.event import SYSTEM, Event
from holdline.dialogs.gate import MessageClass
from holdline.dialogs.kinds import ROLES, SHOWN
from holdline.dialogs.outgoing import Outgoing
from holdline.store import copies, delivered, history, in_flight, outbox, place_threads, places
from holdline.store.tx import Row, Tx


def sent(tx: Tx, item: Row, lane: Row, result: Any) -> None:
    """The item is sent for good; everything that depends on it changes with it."""
    ids = message_ids(result)
    in_flight.settle(tx, item["id"], "sent", tg_message_id=ids[0] if ids else _thread(result))
    _views_follow(tx, item, result, ids)
    said = _said(tx, item)
    if item["kind"] in SHOWN:
        _remember_copies(tx, item, ids, said)
    if item["kind"] in {"message", "album"} and item["class"] != MessageClass.DESK.value:
        _mark_messages(tx, item, said)
    for tg_message_id, message_id in zip(ids, said, strict=False):
        _catch_up(tx, item, tg_message_id, message_id)
    crossed(tx, item, lane, certain=True)
    if item["uncertain"]:
        _remember_repeat(tx, item)


def message_ids(result: Any) -> list[int]:
    """The ids in whatever shape the method answers: Message, MessageId, a list of them, or True."""
    found = result if isinstance(result, list) else [result]
    ids = [part.get("message_id") for part in found if isinstance(part, dict)]
    return [message_id for message_id in ids if isinstance(message_id, int)]


def crossed(tx: Tx, item: Row, lane: Row, *, certain: bool) -> None:
    """It was on the wire while a dialog opened: that dialog's history shows it, once."""
    if item["lane"] != "marketing" or item["gate_epoch"] == lane["gate_epoch"]:
        return
    dialog_id = delivered.last_opened_dialog(tx, item["customer_id"])
    if dialog_id is None or delivered.crossed_already(tx, dialog_id, item["id"]):
        return
    data = {
        "outbox_id": item["id"],
        "message_id": item["message_id"],
        "class": item["class"],
        "certain": certain,
    }
    history.add(tx, [Event("crossed", SYSTEM, item["customer_id"], dialog_id, data=data)])


def _thread(result: Any) -> int | None:
    thread = result.get("message_thread_id") if isinstance(result, dict) else None
    return thread if isinstance(thread, int) else None


def _views_follow(tx: Tx, item: Row, result: Any, ids: list[int]) -> None:
    payload, place_id = item["payload_json"], item["place_id"]
    match item["kind"]:
        case "topic_create" if place_id is not None:
            if (thread := _thread(result)) is not None:
                place_threads.opened(tx, place_id, thread)
            else:
                place_threads.make_headed(tx, place_id)
        case "info_card" if place_id is not None and ids:
            place_threads.carded(tx, place_id, ids[0])
            _pin(tx, item, ids[0])
        case "rating_form":
            delivered.survey_delivered(tx, payload["survey_id"])
        case "delete_copy":
            copies.mark_deleted(tx, item["chat_id"], payload["tg_message_id"])
        case _ if payload.get("vanish_seconds") and ids:
            _vanish_later(tx, item, ids[0], payload["vanish_seconds"])


def _said(tx: Tx, item: Row) -> list[int]:
    if item["kind"] not in {"message", "album", "mirror", "inbox_card"} or _announces(item):
        return []
    return outbox.messages_of(tx, item)


def _announces(item: Row) -> bool:
    """A card with the buttons of an album that follows it: it shows none of the album's parts itself."""
    return item["kind"] == "inbox_card" and bool(item["payload_json"].get("album"))


def _remember_copies(tx: Tx, item: Row, ids: list[int], said: list[int]) -> None:
    """A reply or a reaction to any of these finds its way."""
    first = None if _announces(item) else item["message_id"]
    messages_said = said if len(said) == len(ids) else [first] * len(ids)
    for number, (tg_message_id, message_id) in enumerate(zip(ids, messages_said, strict=True)):
        copies.add(
            tx,
            item["chat_id"],
            tg_message_id,
            ROLES.get(item["kind"], "notice"),
            message_id=message_id,
            customer_id=item["customer_id"],
            dialog_id=item["dialog_id"],
            inbox_item_id=item["payload_json"].get("inbox_item_id"),
            place_id=item["place_id"],
            part=0 if len(said) == len(ids) > 1 else item["payload_json"].get("part", number),
        )


def _mark_messages(tx: Tx, item: Row, said: list[int]) -> None:
    if item["payload_json"].get("parts", 1) > 1 and outbox.unsent_parts(tx, item):
        return
    for message_id in said:
        delivered.message_sent(tx, message_id)


def _catch_up(tx: Tx, item: Row, tg_message_id: int, message_id: int) -> None:
    """Edited or taken back while the copy was on the wire: nobody knew its id then, now the copy follows."""
    edited, gone = delivered.changed_since(tx, message_id, item["begun_at"])
    which = {"tg_message_id": tg_message_id, "message_id": message_id}
    if gone:
        _change(tx, item, "delete_copy", key=f"delete:{item['chat_id']}:{tg_message_id}", **which)
    elif edited:
        _change(tx, item, "edit_copy", key=f"edit:{message_id}:{tg_message_id}:late:{item['id']}", **which)


def _change(tx: Tx, item: Row, kind: str, *, key: str, tg_message_id: int, message_id: int) -> None:
    payload = {"tg_message_id": tg_message_id, "part": item["payload_json"].get("part", 0)}
    to_desk = item["class"] == MessageClass.DESK.value
    outbox.add(
        tx,
        [
            Outgoing(
                chat_id=item["chat_id"],
                kind=kind,
                class_=MessageClass.DESK if to_desk else MessageClass.SYSTEM,
                key=key,
                payload=payload,
                customer_id=item["customer_id"],
                dialog_id=item["dialog_id"],
                message_id=message_id,
                place_id=item["place_id"],
            )
        ],
    )


def _pin(tx: Tx, item: Row, tg_message_id: int) -> None:
    """Only in a topic of its own: in a shared chat every dialog would pin over the other."""
    place = places.by_id(tx, item["place_id"])
    if place is None or place["mode"] != "topic":
        return
    outbox.add(
        tx,
        [
            Outgoing(
                chat_id=item["chat_id"],
                kind="pin",
                class_=MessageClass.DESK,
                key=f"pin:{item['place_id']}:{tg_message_id}",
                payload={"tg_message_id": tg_message_id},
                dialog_id=item["dialog_id"],
                place_id=item["place_id"],
                rank=2,
            )
        ],
    )


def _vanish_later(tx: Tx, item: Row, tg_message_id: int, seconds: float) -> None:
    """What was only good for a moment goes away again."""
    outbox.add(
        tx,
        [
            Outgoing(
                chat_id=item["chat_id"],
                kind="delete_copy",
                class_=MessageClass.DESK,
                key=f"vanish:{item['id']}",
                payload={"tg_message_id": tg_message_id},
                dialog_id=item["dialog_id"],
                rank=2,
                due_at=tx.at + timedelta(seconds=seconds),
            )
        ],
    )


def _remember_repeat(tx: Tx, item: Row) -> None:
    """An answer was lost on the way: the reader may have it more than once, and history says so."""
    if item["customer_id"] is None:
        return
    data = {
        "outbox_id": item["id"],
        "kind": item["kind"],
        "message_id": item["message_id"],
        "repeats": item["uncertain"],
    }
    history.add(tx, [Event("possibly_repeated", SYSTEM, item["customer_id"], item["dialog_id"], data=data)])
