"""Results of deliveries, written back into messages and history."""

from datetime import datetime

from holdline.dialogs.outbox.changes import DeliveryMark
from holdline.store.tx import Row, Tx, placeholders


def mark_messages_sent(tx: Tx, message_ids: list[int]) -> None:
    """Marks messages as sent after every part of them has arrived."""
    among, values = placeholders(message_ids)
    tx.post(f"UPDATE messages SET status = 'sent', sent_at = :at WHERE id IN ({among})", at=tx.at, **values)


def messages_written_in_telegram(tx: Tx, message_ids: list[int], *, taken_back: bool = False) -> list[Row]:
    """Those messages that a manager wrote in Telegram, with the customer's name and since when the chat refuses
    reactions.

    `taken_back`: includes messages that a manager has deleted.
    """
    if not message_ids:
        return []
    among, values = placeholders(message_ids)
    stands = "" if taken_back else "AND m.deleted_at IS NULL"
    return tx.all(
        f"""SELECT m.id, m.dialog_id, m.chat_id, m.thread_id, m.tg_message_id, m.album_id, c.name AS customer_name,
                   h.reactions_refused_at
            FROM messages m JOIN customers c ON c.id = m.customer_id
            LEFT JOIN chats h ON h.bot_id = m.bot_id AND h.chat_id = m.chat_id
            WHERE m.id IN ({among}) AND m.author_kind = 'manager' AND m.chat_id IS NOT NULL
            AND m.tg_message_id IS NOT NULL {stands} ORDER BY m.id""",
        **values,
    )


def replies_waiting_unmarked(tx: Tx, *, since: datetime, until: datetime) -> list[int]:
    """Managers' messages written in that time that were not sent yet and have no delivery mark."""
    rows = tx.all(
        f"""SELECT m.id FROM messages m
            WHERE m.bot_id = :bot AND m.status = 'queued' AND m.author_kind = 'manager'
            AND m.created_at > :since AND m.created_at <= :until AND m.tg_message_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM outbox k WHERE k.message_id = m.id AND k.kind = '{DeliveryMark.kind}')
            ORDER BY m.created_at LIMIT 50""",
        bot=tx.bot_id,
        since=since,
        until=until,
    )
    return [row["id"] for row in rows]


def later_changes(tx: Tx, message_ids: list[int]) -> dict[int, Row]:
    """edited_at and deleted_at by id, of messages that were ever edited or deleted.

    All are locked: an edit at this very moment does not see the copies that are being stored, so it must be seen
    here.
    """
    among, values = placeholders(message_ids)
    rows = tx.all(
        f"SELECT id, edited_at, deleted_at FROM messages WHERE id IN ({among}) ORDER BY id FOR UPDATE",
        **values,
    )
    return {row["id"]: row for row in rows if row["edited_at"] or row["deleted_at"]}


def find_crossings(tx: Tx, outbox_ids: list[int]) -> set[int]:
    """The items whose customer's gate has changed since their calls were started."""
    among, values = placeholders(outbox_ids)
    rows = tx.all(
        f"""SELECT o.id FROM outbox o JOIN customers c ON c.id = o.customer_id
            WHERE o.id IN ({among}) AND o.gate_epoch <> c.gate_epoch""",
        **values,
    )
    return {row["id"] for row in rows}


def is_crossing_recorded(tx: Tx, dialog_id: int, outbox_id: int) -> bool:
    """Whether the dialog's history has a line about this crossing."""
    rows = tx.all("SELECT data_json FROM history WHERE dialog_id = :id AND kind = 'crossed'", id=dialog_id)
    return any(row["data_json"].get("outbox_id") == outbox_id for row in rows)


def last_opened_dialog_id(tx: Tx, customer_id: int) -> int | None:
    """The dialog that held the gate last: the active one, else the one that was changed last."""
    row = tx.one(
        """SELECT id FROM dialogs WHERE bot_id = :bot AND customer_id = :customer
           ORDER BY CASE WHEN state = 'active' THEN 0 ELSE 1 END, changed_at DESC, id DESC LIMIT 1""",
        bot=tx.bot_id,
        customer=customer_id,
    )
    return int(row["id"]) if row else None
