"""Messages of customers that a language model is to be asked about."""

from holdline.store.tx import Row, Tx


def insert(tx: Tx, message_id: int, *, inbox_item_id: int) -> None:
    tx.run(
        """INSERT INTO smart_jobs (message_id, bot_id, inbox_item_id, created_at) VALUES (:message, :bot, :item, :at)
           ON CONFLICT (message_id) DO NOTHING""",
        message=message_id,
        bot=tx.bot_id,
        item=inbox_item_id,
        at=tx.at,
    )


def oldest(tx: Tx) -> Row | None:
    """message_id, inbox_item_id and created_at."""
    return tx.one(
        "SELECT * FROM smart_jobs WHERE bot_id = :bot ORDER BY created_at, message_id LIMIT 1", bot=tx.bot_id
    )


def delete(tx: Tx, message_id: int) -> bool:
    """Deletes the job; returns whether it still waited."""
    return bool(tx.run("DELETE FROM smart_jobs WHERE message_id = :message", message=message_id))
