"""A closed chat accepts messages again: its waiting items are sent, and messages that no manager has seen."""

from holdline.desk.delivery.discard import UNREACHABLE
from holdline.desk.notices.places import ensure_place, staff_group
from holdline.store.delivery import chats, outbox, turns, unseen_messages
from holdline.store.people import managers
from holdline.store.tx import Tx
from holdline.telegram.chats import is_group


def reopen_chat(tx: Tx, *, chat_id: int) -> int:
    """Reopens a chat after a manager started the bot again or a group let us in again. Returns how many parked items go
    out.
    """
    chats.mark_reachable(tx, chat_id)
    tx.wake("outbox")
    back = outbox.requeue(tx, reason=UNREACHABLE, chat_id=chat_id) + _take_over_unseen(tx, chat_id)
    turns.renumber(tx, [chat_id])
    return back


def _take_over_unseen(tx: Tx, chat_id: int) -> int:
    """Gives the first manager who is back the customers' messages that were meant for others and shown to nobody."""
    person = managers.by_telegram_id(tx, chat_id) if not is_group(chat_id) else None
    if person is None or not person.active or staff_group(tx):
        return 0
    unseen_cards = {
        (item["message_id"], item["kind"], item["payload_json"].get("part", 0)): item
        for item in unseen_messages.list_parked_inbox_cards(tx, reason=UNREACHABLE, except_chat=chat_id)
        if not outbox.is_shown_elsewhere(tx, item)
    }
    for item in unseen_cards.values():
        unseen_messages.move_to_place(tx, item, ensure_place(tx, chat_id, None))
    return len(unseen_cards)
