"""The desk's lists: types, reasons, components, tags, stages, queues, root causes, reasons for closes.

Deleting a value hides it from the pickers; dialogs that have it keep it.
"""

from holdline.store.tx import Row, Tx

_COLUMNS = "id, kind, name, category, system, outcome, deleted_at, created_at"


def of_kind(tx: Tx, kind: str) -> list[Row]:
    """The values that were not deleted, oldest first: the order in which pickers show them."""
    return tx.all(
        f"""SELECT {_COLUMNS} FROM lists
            WHERE bot_id = :bot AND kind = :kind AND deleted_at IS NULL ORDER BY id""",
        bot=tx.bot_id,
        kind=kind,
    )


def names(tx: Tx, kind: str) -> list[str]:
    return [row["name"] for row in of_kind(tx, kind)]


def list_names_ever(tx: Tx, kind: str) -> list[Row]:
    """id and name of every value, including deleted ones, because their dialogs stay."""
    return tx.all("SELECT id, name FROM lists WHERE bot_id = :bot AND kind = :kind", bot=tx.bot_id, kind=kind)


def find(tx: Tx, kind: str, name: str) -> Row | None:
    """The value of that name that was not deleted. Letter case does not matter; an exact match goes first."""
    alike = [row for row in of_kind(tx, kind) if row["name"].casefold() == name.strip().casefold()]
    return next((row for row in alike if row["name"] == name), alike[0] if alike else None)


def load_locked(tx: Tx, kind: str) -> list[Row]:
    """A kind's values that were not deleted, locked until the end of the transaction: nobody else deletes one
    meanwhile.
    """
    return tx.all(
        f"""SELECT {_COLUMNS} FROM lists
            WHERE bot_id = :bot AND kind = :kind AND deleted_at IS NULL ORDER BY id FOR UPDATE""",
        bot=tx.bot_id,
        kind=kind,
    )


def insert(
    tx: Tx,
    kind: str,
    name: str,
    *,
    category: str | None = None,
    system: bool = False,
    outcome: str | None = None,
) -> Row:
    """Raises StoreConflict if an existing value has exactly the same name."""
    row = tx.one(
        f"""INSERT INTO lists (bot_id, kind, name, category, system, outcome, created_at)
            VALUES (:bot, :kind, :name, :category, :system, :outcome, :at) RETURNING {_COLUMNS}""",
        bot=tx.bot_id,
        kind=kind,
        name=name,
        category=category,
        system=system,
        outcome=outcome,
        at=tx.at,
    )
    assert row is not None
    return row


def update(tx: Tx, list_id: int, *, name: str, outcome: str | None) -> None:
    """Raises StoreConflict if another existing value has exactly the same name."""
    tx.run(
        "UPDATE lists SET name = :name, outcome = :outcome WHERE bot_id = :bot AND id = :id",
        name=name,
        outcome=outcome,
        bot=tx.bot_id,
        id=list_id,
    )


def soft_delete(tx: Tx, list_id: int) -> bool:
    """Deletes the value; returns whether it existed until now."""
    return bool(
        tx.run(
            "UPDATE lists SET deleted_at = :at WHERE bot_id = :bot AND id = :id AND deleted_at IS NULL",
            at=tx.at,
            bot=tx.bot_id,
            id=list_id,
        )
    )
