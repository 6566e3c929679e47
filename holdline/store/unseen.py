"""Customers' words that the desk has been shown nowhere, because the chats meant for them are closed to us."""

from holdline.store import waiting_chats
from holdline.store.tx import Row, Tx


def cards(tx: Tx, *, reason: str, except_chat: int) -> list[Row]:
    """Parked views of the Inbox in other chats, oldest first; `reason` begins their error."""
    return tx.all(
        """SELECT o.* FROM outbox o JOIN places p ON p.id = o.place_id
           WHERE o.bot_id = :bot AND o.status = 'parked' AND o.error LIKE :reason AND o.chat_id > 0
           AND o.chat_id <> :chat AND o.kind IN ('inbox_card', 'album') AND p.dialog_id IS NULL
           ORDER BY o.id FOR UPDATE OF o SKIP LOCKED""",
        bot=tx.bot_id,
        reason=f"{reason}%",
        chat=except_chat,
    )


def hand_over(tx: Tx, item: Row, place: Row) -> None:
    """It is said in that place instead."""
    tx.run(
        """UPDATE outbox SET status = 'queued', settled_at = NULL, uncertain = 0, failures = 0, error = NULL,
                  error_code = NULL, collapse_key = NULL, chat_id = :chat, place_id = :place WHERE id = :id""",
        chat=place["chat_id"],
        place=place["id"],
        id=item["id"],
    )
    waiting_chats.announce(tx, place["chat_id"], "dialog", tx.at)
