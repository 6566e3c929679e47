"""How rows that waited because of a restore continue: an outbox row gets its due time back, an update is new again."""

from holdline.store.delivery import chats, waiting_chats
from holdline.store.restores.held_work import RESTORED
from holdline.store.tx import Row, Tx, placeholders


def return_outbox(tx: Tx, row_ids: list[int]) -> None:
    """These messages wait as before the restore, parked ones after somebody has helped them; one that a person has
    sent, or that has ended, is left alone.
    """
    among, values = placeholders(row_ids)
    items = tx.all(
        f"SELECT chat_id FROM outbox WHERE bot_id = :bot AND id IN ({among})", bot=tx.bot_id, **values
    )
    chats.lock_all(tx, [item["chat_id"] for item in items])
    back = tx.all(
        f"""UPDATE outbox SET due_at = rw.due_at, waits_for = rw.waits_for FROM restored_work rw
            WHERE rw.source = 'outbox' AND rw.row_id = outbox.id AND outbox.id IN ({among})
            AND outbox.bot_id = :bot AND outbox.status IN ('queued', 'parked') AND outbox.waits_for = '{RESTORED}'
            RETURNING outbox.status, outbox.chat_id, outbox.stream, outbox.due_at""",
        bot=tx.bot_id,
        **values,
    )
    for item in back:
        if item["status"] == "queued":
            waiting_chats.announce(tx, item["chat_id"], item["stream"], item["due_at"])


def lock_outbox_item(tx: Tx, row_id: int) -> Row | None:
    """The message with its chat locked, if it still waits because of the restore, or was parked meanwhile."""
    sql = f"""SELECT * FROM outbox WHERE bot_id = :bot AND id = :id AND status IN ('queued', 'parked')
              AND waits_for = '{RESTORED}'"""
    item = tx.one(sql, bot=tx.bot_id, id=row_id)
    if item is None:
        return None
    chats.lock_all(tx, [item["chat_id"]])
    return tx.one(f"{sql} FOR UPDATE", bot=tx.bot_id, id=row_id)


def return_updates(tx: Tx, row_ids: list[int]) -> None:
    """These updates are handled now."""
    among, values = placeholders(row_ids)
    tx.run(
        f"""UPDATE inbox SET state = 'new', attempts = 0, retry_at = NULL, done_at = NULL, reason = NULL
            WHERE bot_id = :bot AND state = 'quarantined' AND reason = '{RESTORED}' AND id IN ({among})""",
        bot=tx.bot_id,
        **values,
    )
    tx.wake("inbox")


def ignore_updates(tx: Tx, row_ids: list[int]) -> None:
    """These updates are never handled."""
    among, values = placeholders(row_ids)
    tx.run(
        f"""UPDATE inbox SET state = 'ignored', done_at = :at
            WHERE bot_id = :bot AND state = 'quarantined' AND reason = '{RESTORED}' AND id IN ({among})""",
        bot=tx.bot_id,
        at=tx.at,
        **values,
    )
