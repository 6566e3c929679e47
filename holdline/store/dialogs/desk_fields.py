"""Fields that a desk adds to its dialogs, and the values that dialogs have for them."""

from collections.abc import Mapping
from typing import Any

from holdline.dialogs.decisions.desk_fields import DeskField
from holdline.store.tx import Row, Tx

_COLUMNS = "id, name, kind, choices_json, required_json, position"


def all_fields(tx: Tx) -> list[DeskField]:
    """In display order; a new field is the last."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM desk_fields WHERE bot_id = :bot AND deleted_at IS NULL ORDER BY position, id",
        bot=tx.bot_id,
    )
    return [_field(row) for row in rows]


def load_locked(tx: Tx) -> list[DeskField]:
    """All fields, locked until the end of the transaction, so that nobody else moves one meanwhile."""
    rows = tx.all(
        f"""SELECT {_COLUMNS} FROM desk_fields WHERE bot_id = :bot AND deleted_at IS NULL
            ORDER BY id FOR UPDATE""",
        bot=tx.bot_id,
    )
    return sorted(map(_field, rows), key=lambda field: (field.position, field.id))


def insert(tx: Tx, field: DeskField) -> DeskField:
    """Raises StoreConflict if an existing field has the same name. The field is put last: no position exceeds the
    highest id.
    """
    row = tx.one(
        f"""INSERT INTO desk_fields (bot_id, name, kind, choices_json, required_json, created_at, position)
            VALUES (:bot, :name, :kind, :choices, :required, :at,
                    (SELECT COALESCE(MAX(id), 0) + 1 FROM desk_fields)) RETURNING {_COLUMNS}""",
        bot=tx.bot_id,
        at=tx.at,
        **_columns_of(field),
    )
    assert row is not None
    return _field(row)


def set_position(tx: Tx, field: DeskField) -> None:
    tx.run(
        "UPDATE desk_fields SET position = :position WHERE bot_id = :bot AND id = :id",
        position=field.position,
        bot=tx.bot_id,
        id=field.id,
    )


def save(tx: Tx, field: DeskField) -> None:
    tx.run(
        """UPDATE desk_fields SET name = :name, kind = :kind, choices_json = :choices, required_json = :required
           WHERE bot_id = :bot AND id = :id""",
        bot=tx.bot_id,
        id=field.id,
        **_columns_of(field),
    )


def soft_delete(tx: Tx, field_id: int) -> None:
    """Deletes the field. Dialogs keep their values but no longer show them."""
    tx.run(
        "UPDATE desk_fields SET deleted_at = :at WHERE bot_id = :bot AND id = :id",
        at=tx.at,
        bot=tx.bot_id,
        id=field_id,
    )


def count_uses(tx: Tx, field_id: int, *, limit: int) -> int:
    """How many dialogs have a value for the field; counts at most `limit`."""
    row = tx.one(
        """SELECT COUNT(*) AS uses FROM (SELECT 1 FROM dialogs WHERE bot_id = :bot AND fields_json <> '{}'
           AND fields_json LIKE :pattern LIMIT :limit) AS used""",
        bot=tx.bot_id,
        pattern=f'%"{field_id}":%',
        limit=limit,
    )
    assert row is not None
    return int(row["uses"])


def by_name(tx: Tx, stored: Mapping[str, Any]) -> dict[str, Any]:
    """A dialog's values by field name; runs no query if there are none."""
    if not stored:
        return {}
    return {field.name: stored[str(field.id)] for field in all_fields(tx) if str(field.id) in stored}


def set_value(tx: Tx, dialog_id: int, field_id: int, value: Any) -> None:
    """Sets the value; None removes it. The caller must have locked the dialog."""
    row = tx.one(
        "SELECT fields_json FROM dialogs WHERE bot_id = :bot AND id = :id", bot=tx.bot_id, id=dialog_id
    )
    assert row is not None
    values = {**row["fields_json"], str(field_id): value}
    tx.run(
        "UPDATE dialogs SET fields_json = :fields, changed_at = :at WHERE bot_id = :bot AND id = :id",
        fields={key: kept for key, kept in values.items() if kept is not None},
        at=tx.at,
        bot=tx.bot_id,
        id=dialog_id,
    )


def _columns_of(field: DeskField) -> dict[str, Any]:
    return {
        "name": field.name,
        "kind": field.kind,
        "choices": list(field.choices),
        "required": list(field.required_on_close),
    }


def _field(row: Row) -> DeskField:
    return DeskField(
        row["id"],
        row["name"],
        row["kind"],
        tuple(row["choices_json"]),
        tuple(row["required_json"]),
        row["position"],
    )
