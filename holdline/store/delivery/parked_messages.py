"""Managers' messages that could not reach a customer, until somebody sends them again."""

from datetime import datetime

from holdline.store.delivery import kind_lists, waiting_chats
from holdline.store.tx import Row, Tx


def list_written_in_telegram(tx: Tx, customer_id: int, *, since: datetime) -> list[Row]:
    """The first parked item of each such message, oldest first: where it was written and how often it was tried."""
    return tx.all(
        f"""SELECT MIN(o.id) AS item_id, MAX(o.attempts) AS attempts, m.id AS message_id, m.customer_id,
                  m.chat_id, m.thread_id, m.tg_message_id, m.dialog_id
           FROM outbox o JOIN messages m ON m.id = o.message_id
           WHERE o.bot_id = :bot AND o.status = 'parked' AND o.customer_id = :customer AND o.audience = 'customer'
           AND o.kind IN {kind_lists.COPIES} AND m.author_kind = 'manager' AND m.chat_id IS NOT NULL
           AND m.tg_message_id IS NOT NULL AND m.deleted_at IS NULL AND m.created_at > :since
           GROUP BY m.id, m.customer_id, m.chat_id, m.thread_id, m.tg_message_id, m.dialog_id ORDER BY m.id""",
        bot=tx.bot_id,
        customer=customer_id,
        since=since,
    )


def find_item(tx: Tx, item_id: int) -> Row | None:
    """The item, or None if it is no longer parked."""
    return tx.one(
        "SELECT * FROM outbox WHERE bot_id = :bot AND id = :id AND status = 'parked' AND audience = 'customer'",
        bot=tx.bot_id,
        id=item_id,
    )


def requeue(tx: Tx, parked: Row, *, dialog_id: int | None) -> bool:
    """Queues every part of its message again, in that dialog or outside any; returns whether any was still parked."""
    back = tx.run(
        """UPDATE outbox SET status = 'queued', settled_at = NULL, uncertain = 0, failures = 0, due_at = :at,
                  dialog_id = :dialog
           WHERE bot_id = :bot AND message_id = :message AND status = 'parked' AND audience = 'customer'""",
        at=tx.at,
        dialog=dialog_id,
        bot=tx.bot_id,
        message=parked["message_id"],
    )
    waiting_chats.announce(tx, parked["chat_id"], parked["stream"], tx.at)
    return bool(back)
