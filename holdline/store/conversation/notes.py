"""Notes: a separate table, with no path to a customer."""

from datetime import datetime
from typing import Any

from holdline.store.tx import Row, Tx

MessageRef = tuple[int, int]
"""The chat and the message id in Telegram."""


def insert(
    tx: Tx, *, dialog_id: int, manager_id: int, text: str, data: dict[str, Any], original: MessageRef | None
) -> int:
    chat_id, tg_message_id = original or (None, None)
    row = tx.one(
        """INSERT INTO notes (dialog_id, manager_id, text, data_json, chat_id, tg_message_id, created_at)
           VALUES (:dialog, :manager, :text, :data, :chat, :tg, :at) RETURNING id""",
        chat=chat_id,
        tg=tg_message_id,
        dialog=dialog_id,
        manager=manager_id,
        text=text,
        data=data,
        at=tx.at,
    )
    assert row is not None
    return int(row["id"])


def set_text(tx: Tx, note_id: int, text: str) -> None:
    tx.run("UPDATE notes SET text = :text, edited_at = :at WHERE id = :id", text=text, at=tx.at, id=note_id)


def by_id(tx: Tx, note_id: int) -> Row | None:
    return tx.one("SELECT * FROM notes WHERE id = :id", id=note_id)


def newest(tx: Tx, dialog_id: int, *, before: datetime, limit: int) -> list[Row]:
    """The last notes, oldest first, without deleted ones."""
    rows = tx.all(
        """SELECT * FROM notes WHERE dialog_id = :dialog AND created_at < :before AND deleted_at IS NULL
           ORDER BY id DESC LIMIT :limit""",
        dialog=dialog_id,
        before=before,
        limit=limit,
    )
    return rows[::-1]


def between(tx: Tx, dialog_id: int, *, after: datetime | None, until: datetime | None) -> list[Row]:
    """Notes with their authors, oldest first, without deleted ones. None leaves that end open."""
    return tx.all(
        """SELECT n.*, g.name AS manager_name FROM notes n JOIN managers g ON g.id = n.manager_id
           WHERE n.dialog_id = :dialog AND n.deleted_at IS NULL
           AND (CAST(:after AS BIGINT) IS NULL OR n.created_at > :after)
           AND (CAST(:until AS BIGINT) IS NULL OR n.created_at <= :until) ORDER BY n.id""",
        dialog=dialog_id,
        after=after,
        until=until,
    )


def find_by_message(tx: Tx, chat_id: int, tg_message_id: int) -> Row | None:
    """The note that was made from a manager's message in Telegram."""
    return tx.one(
        """SELECT n.* FROM notes n JOIN dialogs d ON d.id = n.dialog_id
           WHERE d.bot_id = :bot AND n.chat_id = :chat AND n.tg_message_id = :tg
           ORDER BY n.id DESC LIMIT 1""",
        bot=tx.bot_id,
        chat=chat_id,
        tg=tg_message_id,
    )


def page(tx: Tx, dialog_id: int, *, after: int = 0, limit: int = 50) -> list[Row]:
    """The notes of one dialog, oldest first, with their authors' names, including deleted ones."""
    return tx.all(
        """SELECT n.*, m.telegram_id AS author_telegram_id, m.name AS author_name
           FROM notes n JOIN managers m ON m.id = n.manager_id
           WHERE n.dialog_id = :dialog AND n.id > :after ORDER BY n.id LIMIT :limit""",
        dialog=dialog_id,
        after=after,
        limit=limit,
    )


def delete(tx: Tx, note_id: int) -> bool:
    """Marks the note deleted; returns whether it existed until now. The row stays: history and copies refer to it."""
    return bool(
        tx.run(
            "UPDATE notes SET deleted_at = :at WHERE id = :id AND deleted_at IS NULL", at=tx.at, id=note_id
        )
    )


def copies(tx: Tx, note_id: int) -> list[Row]:
    """The messages that show the note to colleagues, sent or waiting: key, chat_id."""
    return tx.all(
        "SELECT key, chat_id FROM outbox WHERE bot_id = :bot AND key >= :first AND key < :last ORDER BY id",
        bot=tx.bot_id,
        first=f"note:{note_id}:",
        last=f"note:{note_id};",
    )
