"""Presses by customers on messages of outside tools."""

from holdline.store.delivery.outbound import MARKETING_CLASSES
from holdline.store.tx import Row, Tx


def add(tx: Tx, *, outbox_id: int, customer_id: int, data: str) -> None:
    tx.run(
        """INSERT INTO presses (bot_id, outbox_id, customer_id, data, created_at)
           VALUES (:bot, :outbox, :customer, :data, :at)""",
        bot=tx.bot_id,
        outbox=outbox_id,
        customer=customer_id,
        data=data,
        at=tx.at,
    )


def of_item(tx: Tx, outbox_id: int) -> list[Row]:
    """`data` and `created_at`, oldest first."""
    return tx.all("SELECT data, created_at FROM presses WHERE outbox_id = :id ORDER BY id", id=outbox_id)


def outbox_id_of_message(tx: Tx, chat_id: int, message_id: int) -> int | None:
    """The id by which its tool knows the message: that of its first part, although the buttons are under the last."""
    row = tx.one(
        f"""SELECT id FROM outbox WHERE message_id = :message AND bot_id = :bot AND chat_id = :chat
           AND class IN {MARKETING_CLASSES} ORDER BY id LIMIT 1""",
        bot=tx.bot_id,
        message=message_id,
        chat=chat_id,
    )
    return int(row["id"]) if row else None
