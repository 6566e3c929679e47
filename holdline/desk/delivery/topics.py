"""Lost topics are created again and the message arrives; if that is impossible, messages get a header instead."""

from datetime import timedelta

from holdline.desk.delivery import discard as ends
from holdline.desk.delivery import failure_notices as notices
from holdline.desk.notices import note_views, recap
from holdline.desk.notices.inbox_cards import show_waiting_cards
from holdline.desk.notices.places import GROUPS_BELL, first_items, staff_group
from holdline.dialogs.outbox.kinds import is_change, kind_of
from holdline.dialogs.outbox.messages import InfoCard, NotePart
from holdline.dialogs.outbox.retry_notes import RetryNotes, payload_with_notes
from holdline.store.delivery import in_flight, outbox, turns
from holdline.store.dialogs import dialogs, place_queue, place_threads, places
from holdline.store.tx import Row, Tx
from holdline.telegram.call import NO_THREAD

GUARD = timedelta(hours=1)
BEFORE_ALL = -1  # the topic and its card come before everything that waits
MOST_LOST = 3  # a topic lost this often within GUARD is not created again


def replace_lost_topic(tx: Tx, item: Row, reason: str, *, code: int) -> None:
    """Replaces a topic that does not exist (or is closed to us); its successor takes over the waiting items."""
    if is_change(item):
        ends.give_up(tx, item, "cancelled", reason, code=code)
        return
    place = places.by_id(tx, item["place_id"]) if item["place_id"] is not None else None
    if place is None or place["mode"] != "topic" or place["thread_id"] is None:
        _without_thread(tx, item, reason, code=code)
        return
    if kind_of(item) is InfoCard:
        ends.give_up(tx, item, "cancelled", reason, code=code)  # the successor has its own card
    else:
        in_flight.settle(tx, item["id"], "queued", error=reason, error_code=code)
    if not place["live"]:
        _follow(tx, place)
        return
    guarded = place_threads.count_recent_losses(tx, place, GUARD) >= MOST_LOST
    places.end(tx, place["id"])
    successor = places.insert(
        tx,
        chat_id=place["chat_id"],
        dialog_id=place["dialog_id"],
        mode="with_header" if guarded else "topic",
        name=place["name"],
    )
    outbox.follow_place(tx, place["id"], successor["id"])
    waiting = place_queue.items(tx, successor["id"])
    outbox.add(tx, first_items(successor, rank=BEFORE_ALL))
    if not guarded:
        _show_what_was_said(tx, successor, waiting)


def _show_what_was_said(tx: Tx, place: Row, waiting: list[Row]) -> None:
    """Shows the last messages, notes or cards that went with the lost topic; waiting items follow in their order."""
    numbers = [number for item in waiting for number in outbox.message_ids_of(tx, item)]
    if place["dialog_id"] is None:
        show_waiting_cards(tx, place, but=numbers)
    else:
        dialog = dialogs.by_id(tx, place["dialog_id"])
        recap.show_last(tx, place, dialog, before=min(numbers, default=None))
        noted = frozenset(NotePart.of(item).note_id for item in waiting if kind_of(item) is NotePart)
        note_views.show_last_notes(tx, place, dialog.id, but=noted)
    turns.put_last(tx, [item["id"] for item in waiting])


def use_messages_with_header(tx: Tx, item: Row, reason: str, *, code: int) -> None:
    """Falls back to messages with a header (no forum, or no right to create topics); the administrators are notified
    why, once. For the staff group the group check notifies them, not once per dialog.
    """
    ends.give_up(tx, item, "cancelled", reason, code=code)
    if item["chat_id"] == staff_group(tx):
        tx.wake(GROUPS_BELL)
        return
    notices.notify_administrators(tx, "delivery.no_topics", item, reason=reason)


def _follow(tx: Tx, place: Row) -> None:
    heir = place_threads.twin(tx, place, place["chat_id"])
    if heir is None:
        where = {"chat_id": place["chat_id"], "dialog_id": place["dialog_id"], "name": place["name"]}
        heir = places.insert(tx, mode="with_header", **where)
    outbox.follow_place(tx, place["id"], heir["id"])


def _without_thread(tx: Tx, item: Row, reason: str, *, code: int) -> None:
    """Sends an answer to a lost topic to the chat itself, once."""
    mends = RetryNotes.of(item).mends
    if NO_THREAD in mends:
        ends.park(tx, item, reason, code=code)
        return
    payload = payload_with_notes(item, mends=(*mends, NO_THREAD))
    in_flight.settle(tx, item["id"], "queued", error=reason, error_code=code, payload_json=payload)
