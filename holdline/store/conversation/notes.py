"""Notes: a table of their own, with no path to a customer."""

from datetime import datetime
from typing import Any

from holdline.store.tx import Row, Tx

MessageRef = tuple[int, int]
"""The chat and the number of a message in Telegram."""


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
    """The last ones, the oldest of them first; deleted ones left out."""
    rows = tx.all(
        """SELECT * FROM notes WHERE dialog_id = :dialog AND created_at < :before AND deleted_at IS NULL
           ORDER BY id DESC LIMIT :limit""",
        dialog=dialog_id,
        before=before,
        limit=limit,
    )
    return rows[::-1]


def between(tx: Tx, dialog_id: int, *, after: datetime | None, until: datetime | None) -> list[Row]:
    """With their authors, oldest first; deleted ones left out. None leaves that end open."""
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
    """The note that a manager's message in Telegram became."""
    return tx.one(
        """SELECT n.* FROM notes n JOIN dialogs d ON d.id = n.dialog_id
           WHERE d.bot_id = :bot AND n.chat_id = :chat AND n.tg_message_id = :tg
           ORDER BY n.id DESC LIMIT 1""",
        bot=tx.bot_id,
        chat=chat_id,
        tg=tg_message_id,
    )


def page(tx: Tx, dialog_id: int, *, after: int = 0, limit: int = 50) -> list[Row]:
    """Of one dialog, the oldest first, deleted ones included, with their writers' names."""
    return tx.all(
        """SELECT n.*, m.telegram_id AS author_telegram_id, m.name AS author_name
           FROM notes n JOIN managers m ON m.id = n.manager_id
           WHERE n.dialog_id = :dialog AND n.id > :after ORDER BY n.id LIMIT :limit""",
        dialog=dialog_id,
        after=after,
        limit=limit,
    )


def delete(tx: Tx, note_id: int) -> bool:
    """Whether it was there until now. The row stays: history and its copies point at it."""
    return bool(
        tx.run(
            "UPDATE notes SET deleted_at = :at WHERE id = :id AND deleted_at IS NULL", at=tx.at, id=note_id
        )
    )


def copies(tx: Tx, note_id: int) -> list[Row]:
    """What shows it to colleagues, said or waiting: key, chat_id."""
    return tx.all(
        "SELECT key, chat_id FROM outbox WHERE bot_id = :bot AND key >= :first AND key < :last ORDER BY id",
        bot=tx.bot_id,
        first=f"note:{note_id}:",
        last=f"note:{note_id};",
    )
