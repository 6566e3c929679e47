"""Lines that are sent in one call, and the Telegram message that shows all of them."""

from holdline.dialogs.message import Message
from holdline.store.conversation.messages import message_from_row
from holdline.store.delivery.chats import MAY_START
from holdline.store.tx import Row, Tx, placeholders


def lines_to_merge(tx: Tx, item: Row, *, most: int) -> list[Row]:
    """The item and the same customer's next turns in that chat; `written_at`: when the customer's message came."""
    return tx.all(
        f"""SELECT o.*, m.created_at AS written_at FROM outbox o LEFT JOIN messages m ON m.id = o.message_id
            WHERE o.bot_id = :bot AND o.chat_id = :chat AND o.stream = 'dialog' AND o.rank = :rank
            AND o.about_customer_id = :customer AND o.status = 'queued' AND o.due_at <= :at AND {MAY_START}
            ORDER BY o.turn, o.due_at, o.id LIMIT :most""",
        bot=tx.bot_id,
        chat=item["chat_id"],
        rank=item["rank"],
        customer=item["about_customer_id"],
        at=tx.at,
        most=most,
    )


def messages_of(tx: Tx, items: list[Row]) -> list[Message]:
    """The messages of these items, in the same order."""
    among, values = placeholders([item["message_id"] for item in items])
    by_id = {
        row["id"]: message_from_row(row)
        for row in tx.all(f"SELECT * FROM messages WHERE id IN ({among})", **values)
    }
    return [by_id[item["message_id"]] for item in items]


def lock_waiting(tx: Tx, outbox_ids: list[int]) -> set[int]:
    """Locks and returns those that still wait and that nobody else has locked."""
    among, values = placeholders(outbox_ids)
    rows = tx.all(
        f"""SELECT id FROM outbox WHERE id IN ({among}) AND status = 'queued' AND merged_into IS NULL
            ORDER BY id FOR UPDATE SKIP LOCKED""",
        **values,
    )
    return {row["id"] for row in rows}


def merge(tx: Tx, first_id: int, outbox_ids: list[int]) -> None:
    """Lets all of them be sent with the call of the first, which is one of them."""
    among, values = placeholders(outbox_ids)
    tx.run(f"UPDATE outbox SET merged_into = :first WHERE id IN ({among})", first=first_id, **values)


def followers(tx: Tx, first_ids: list[int]) -> list[Row]:
    """The lines sent with the calls of these items, the newest message first, without the items themselves."""
    among, values = placeholders(first_ids)
    return tx.all(
        f"""SELECT * FROM outbox WHERE merged_into IN ({among}) AND id <> merged_into
            ORDER BY merged_into, message_id DESC""",
        **values,
    )


def separate(tx: Tx, first_id: int) -> list[Row]:
    """After a call that did not arrive: each line waits by itself again. Returns the other waiting lines, oldest
    message first.
    """
    others = tx.all(
        """UPDATE outbox SET merged_into = NULL WHERE merged_into = :first
           AND id <> :first RETURNING *""",
        first=first_id,
    )
    tx.run("UPDATE outbox SET merged_into = NULL WHERE id = :first", first=first_id)
    return sorted((row for row in others if row["status"] == "queued"), key=lambda row: row["message_id"])


def add_older_lines(tx: Tx, chat_id: int, tg_message_id: int, message_ids: list[int]) -> None:
    """Records that the Telegram message shows these messages, besides the one that its copy represents."""
    rows = ", ".join(f"(:bot, :chat, :tg, :m{n})" for n in range(len(message_ids)))
    tx.run(
        f"""INSERT INTO merged_messages (bot_id, chat_id, tg_message_id, message_id) VALUES {rows}
            ON CONFLICT DO NOTHING""",
        bot=tx.bot_id,
        chat=chat_id,
        tg=tg_message_id,
        **{f"m{n}": message_id for n, message_id in enumerate(message_ids)},
    )


def older_lines(tx: Tx, copy: Row) -> list[Message]:
    """The messages shown above the one that the copy represents; none if it was not merged."""
    rows = tx.all(
        """SELECT m.* FROM merged_messages l JOIN messages m ON m.id = l.message_id
           WHERE l.bot_id = :bot AND l.chat_id = :chat AND l.tg_message_id = :tg ORDER BY m.id""",
        bot=tx.bot_id,
        chat=copy["chat_id"],
        tg=copy["tg_message_id"],
    )
    return [message_from_row(row) for row in rows]


def remove_line(tx: Tx, copy: Row, message_id: int, *, newest_left: int) -> None:
    """Removes that line from the copy's message, which represents the newest line that is left."""
    where = {"bot": tx.bot_id, "chat": copy["chat_id"], "tg": copy["tg_message_id"]}
    tx.run(
        """DELETE FROM merged_messages WHERE bot_id = :bot AND chat_id = :chat AND tg_message_id = :tg
           AND message_id IN (:message, :newest)""",
        message=message_id,
        newest=newest_left,
        **where,
    )
    tx.run(
        """UPDATE telegram_messages SET message_id = :newest
           WHERE bot_id = :bot AND chat_id = :chat AND tg_message_id = :tg""",
        newest=newest_left,
        **where,
    )
