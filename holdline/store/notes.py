"""Notes: a table of their own, with no path to a customer."""

from datetime import datetime
from typing import Any

from holdline.store.tx import Row, Tx


def insert(tx: Tx, *, dialog_id: int, manager_id: int, text: str, data: dict[str, Any]) -> int:
    row = tx.one(
        """INSERT INTO notes (dialog_id, manager_id, text, data_json, created_at)
           VALUES (:dialog, :manager, :text, :data, :at) RETURNING id""",
        dialog=dialog_id,
        manager=manager_id,
        text=text,
        data=data,
        at=tx.at,
    )
    assert row is not None
    return int(row["id"])


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


def of_dialog(tx: Tx, dialog_id: int) -> list[Row]:
    return tx.all("SELECT * FROM notes WHERE dialog_id = :dialog ORDER BY id", dialog=dialog_id)
