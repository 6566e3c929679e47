"""A chat that was closed to us lets us in again: what waited for it comes, and what nobody has seen."""

from holdline.desk.delivery_ends import UNREACHABLE
from holdline.desk.places import place, staff_group
from holdline.dialogs.chat import is_group
from holdline.store import lanes, managers, outbox, turns, unseen
from holdline.store.tx import Tx


def chat_is_back(tx: Tx, *, chat_id: int) -> int:
    """A manager started the bot again, a group let us in again; how much that was parked goes out."""
    lanes.resume(tx, chat_id)
    tx.wake("outbox")
    back = outbox.requeue(tx, reason=UNREACHABLE, chat_id=chat_id) + _taken_over(tx, chat_id)
    turns.number_anew(tx, [chat_id])
    return back


def _taken_over(tx: Tx, chat_id: int) -> int:
    """Whoever is back first gets the customers' words that were meant for others and shown to nobody."""
    person = managers.by_telegram_id(tx, chat_id) if not is_group(chat_id) else None
    if person is None or not person.active or staff_group(tx):
        return 0
    unseen_cards = {
        (item["message_id"], item["kind"], item["payload_json"].get("part", 0)): item
        for item in unseen.cards(tx, reason=UNREACHABLE, except_chat=chat_id)
        if not outbox.shown_elsewhere(tx, item)
    }
    for item in unseen_cards.values():
        unseen.hand_over(tx, item, place(tx, chat_id, None))
    return len(unseen_cards)
