"""Delivery marks: one on each reply, at the manager's own message: it waits, the customer has it, or delivery failed.

A mark is rendered when it is put, so one that still waits is never out of date. A customer's own reaction replaces
it; when that is removed, the mark returns.
"""

from holdline.dialogs.address import Address
from holdline.dialogs.conversation.delivery_mark import ASKED_AGAIN_AFTER, WAITS_AFTER, WORTH_FOR
from holdline.dialogs.event import Event
from holdline.dialogs.outbox.changes import DeliveryMark
from holdline.dialogs.outgoing import Outgoing
from holdline.store.delivery import album_parts, delivery_results, outbox
from holdline.store.tx import Row, Tx


def may_be_marked(tx: Tx, row: Row) -> bool:
    """Whether the message may be marked: not if the chat has refused our reactions lately."""
    refused_at = row["reactions_refused_at"]
    return refused_at is None or refused_at < tx.at - ASKED_AGAIN_AFTER


def mark_item(tx: Tx, row: Row) -> Outgoing:
    """The mark for `row`, a message with its chat_id and tg_message_id."""
    place = reaction_key(row["chat_id"], row["tg_message_id"])
    return Outgoing(
        to=Address(row["chat_id"]),
        item=DeliveryMark(row["tg_message_id"]),
        key=f"mark:{row['id']}:{tx.at.timestamp():.6f}",
        message_id=row["id"],
        collapse_key=place,
        expires_at=tx.at + WORTH_FOR,
    )


def reaction_key(chat_id: int, tg_message_id: int) -> str:
    """The key under which reactions to one message wait: it can have only one."""
    return f"reaction:{chat_id}:{tg_message_id}"


def mark_messages(tx: Tx, message_ids: list[int]) -> None:
    """Marks the messages among them that a manager wrote in Telegram; of an album only the first."""
    rows = delivery_results.messages_written_in_telegram(tx, message_ids, taken_back=True)
    marked = [row for row in rows if may_be_marked(tx, row) and _stands_for_all(tx, row)]
    outbox.add(tx, [mark_item(tx, row) for row in marked])


def clear_mark(tx: Tx, event: Event) -> None:
    """Removes the mark of a message that was taken back."""
    assert event.message is not None
    mark_messages(tx, [event.message.id])


def mark_waiting_replies(tx: Tx) -> int:
    """Marks replies that still wait after some seconds, once; returns their number."""
    late = delivery_results.replies_waiting_unmarked(tx, since=tx.at - WORTH_FOR, until=tx.at - WAITS_AFTER)
    mark_messages(tx, late)
    return len(late)


def _stands_for_all(tx: Tx, row: Row) -> bool:
    return album_parts.is_first(tx, row["id"], row["album_id"])
