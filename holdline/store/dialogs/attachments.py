"""Files that belong to dialogs, with their bytes if the desk has them."""

from holdline.dialogs.decisions.attachments import Attachment, NewFile
from holdline.store.tx import Row, Tx

_SELECT = """
SELECT a.id, a.dialog_id, a.name, a.mime, a.size, a.kind, a.file_id, a.created_at, m.name AS author
FROM attachments a JOIN managers m ON m.id = a.manager_id
WHERE a.bot_id = :bot AND a.deleted_at IS NULL
"""


def insert(tx: Tx, dialog_id: int, file: NewFile, *, manager_id: int, content: bytes | None) -> Attachment:
    """Without `content` only Telegram has the bytes so far."""
    row = tx.one(
        """INSERT INTO attachments (bot_id, dialog_id, manager_id, name, mime, size, kind, file_id, created_at)
           VALUES (:bot, :dialog, :manager, :name, :mime, :size, :kind, :file_id, :at) RETURNING id""",
        bot=tx.bot_id,
        dialog=dialog_id,
        manager=manager_id,
        name=file.name,
        mime=file.mime,
        size=file.size,
        kind=file.kind,
        file_id=file.file_id,
        at=tx.at,
    )
    assert row is not None
    if content is not None:
        save_content(tx, row["id"], content)
    added = by_id(tx, row["id"])
    assert added is not None
    return added


def by_id(tx: Tx, attachment_id: int) -> Attachment | None:
    row = tx.one(f"{_SELECT} AND a.id = :id", bot=tx.bot_id, id=attachment_id)
    return _attachment(row) if row else None


def of_dialog(tx: Tx, dialog_id: int) -> list[Attachment]:
    """Oldest first."""
    rows = tx.all(f"{_SELECT} AND a.dialog_id = :dialog ORDER BY a.id", bot=tx.bot_id, dialog=dialog_id)
    return [_attachment(row) for row in rows]


def delete(tx: Tx, attachment_id: int) -> None:
    """Deletes the bytes; the row stays as a record."""
    tx.run("UPDATE attachments SET deleted_at = :at WHERE id = :id", at=tx.at, id=attachment_id)
    tx.run("DELETE FROM attachment_contents WHERE attachment_id = :id", id=attachment_id)


def content_of(tx: Tx, attachment_id: int) -> bytes | None:
    """The bytes, or None while only Telegram has them."""
    row = tx.one("SELECT content FROM attachment_contents WHERE attachment_id = :id", id=attachment_id)
    return bytes(row["content"]) if row else None


def without_content(tx: Tx, *, after: int, limit: int) -> list[tuple[int, str]]:
    """(id, Telegram's file id) of files that only Telegram has."""
    rows = tx.all(
        """SELECT a.id, a.file_id FROM attachments a
           WHERE a.id > :after AND a.bot_id = :bot AND a.deleted_at IS NULL AND a.file_id IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM attachment_contents c WHERE c.attachment_id = a.id)
           ORDER BY a.id LIMIT :limit""",
        after=after,
        bot=tx.bot_id,
        limit=limit,
    )
    return [(row["id"], row["file_id"]) for row in rows]


def save_content(tx: Tx, attachment_id: int, content: bytes) -> None:
    """Saves the bytes and their true size; does nothing if the attachment was deleted meanwhile."""
    kept = tx.run(
        "UPDATE attachments SET size = :size WHERE id = :id AND deleted_at IS NULL",
        size=len(content),
        id=attachment_id,
    )
    if not kept:
        return
    tx.run(
        """INSERT INTO attachment_contents (attachment_id, content) VALUES (:id, :content)
           ON CONFLICT DO NOTHING""",
        id=attachment_id,
        content=content,
    )


def _attachment(row: Row) -> Attachment:
    return Attachment(**row)
