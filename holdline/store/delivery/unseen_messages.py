"""Customers' messages that were shown nowhere at the desk, because the chats meant for them are closed to us."""

from holdline.store.delivery import kind_lists, waiting_chats
from holdline.store.tx import Row, Tx

_CANCELLED = f"""FROM outbox o JOIN messages m ON m.id = o.message_id
    LEFT JOIN dialogs d ON d.id = m.dialog_id LEFT JOIN inbox_items i ON i.id = m.inbox_item_id
    WHERE o.bot_id = :bot AND o.status = 'cancelled' AND o.error = :reason AND m.direction = 'in'
    AND o.kind IN {kind_lists.SHOWING_CUSTOMER} AND (d.state <> 'closed' OR i.state = 'new')
    AND NOT EXISTS (SELECT 1 FROM outbox s WHERE s.message_id = o.message_id AND s.chat_id <> o.chat_id
                    AND s.audience = 'desk' AND s.kind IN {kind_lists.SHOWING_CUSTOMER}
                    AND s.status IN ('queued', 'sending', 'sent'))"""
"""Customers' messages that were shown to nobody at the desk."""


def chats_of_cancelled(tx: Tx, reason: str) -> list[int]:
    """The chats that they were meant for."""
    rows = tx.all(f"SELECT DISTINCT o.chat_id {_CANCELLED}", bot=tx.bot_id, reason=reason)
    return [int(row["chat_id"]) for row in rows]


def list_parked_inbox_cards(tx: Tx, *, reason: str, except_chat: int) -> list[Row]:
    """Parked views of the Inbox in other chats, oldest first; `reason` is how their error begins."""
    return tx.all(
        f"""SELECT o.* FROM outbox o JOIN places p ON p.id = o.place_id
           WHERE o.bot_id = :bot AND o.status = 'parked' AND o.error LIKE :reason AND o.chat_id > 0
           AND o.chat_id <> :chat AND o.kind IN {kind_lists.IN_INBOX} AND p.dialog_id IS NULL
           ORDER BY o.id FOR UPDATE OF o SKIP LOCKED""",
        bot=tx.bot_id,
        reason=f"{reason}%",
        chat=except_chat,
    )


def list_cancelled(tx: Tx, chat_id: int, reason: str) -> list[Row]:
    """Items of that chat cancelled for that reason whose dialog, or inbox item, still waits for the desk."""
    return tx.all(
        f"SELECT o.* {_CANCELLED} AND o.chat_id = :chat ORDER BY o.id",
        bot=tx.bot_id,
        chat=chat_id,
        reason=reason,
    )


def move_to_place(tx: Tx, item: Row, place: Row) -> None:
    """Queues the item for that place instead, where it has never been shown: a hold after a restore does not matter."""
    tx.run(
        """UPDATE outbox SET status = 'queued', settled_at = NULL, uncertain = 0, failures = 0, error = NULL,
                  error_code = NULL, collapse_key = NULL, merged_into = NULL, chat_id = :chat, place_id = :place,
                  due_at = CASE WHEN waits_for IS NULL THEN due_at ELSE CAST(:at AS BIGINT) END, waits_for = NULL
           WHERE id = :id""",
        at=tx.at,
        chat=place["chat_id"],
        place=place["id"],
        id=item["id"],
    )
    waiting_chats.announce(tx, place["chat_id"], "dialog", tx.at)
    waiting_chats.expect_reader(tx, place["chat_id"], item["audience"])
