"""Notes: a table of their own, with no path to a customer."""

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


def of_dialog(tx: Tx, dialog_id: int) -> list[Row]:
    return tx.all("SELECT * FROM notes WHERE dialog_id = :dialog ORDER BY id", dialog=dialog_id)
