"""Fields that a desk adds to its dialogs, and the values that dialogs have for them."""

from collections.abc import Mapping
from typing import Any

from holdline.dialogs.decisions.desk_fields import DeskField
from holdline.store.tx import Row, Tx

_COLUMNS = "id, name, kind, choices_json, required_json"


def all_fields(tx: Tx) -> list[DeskField]:
    """Oldest first: the order in which people see them."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM desk_fields WHERE bot_id = :bot AND deleted_at IS NULL ORDER BY id",
        bot=tx.bot_id,
    )
    return [_field(row) for row in rows]


def insert(tx: Tx, field: DeskField) -> DeskField:
    """StoreConflict where a living field has the very same name; the id is new."""
    row = tx.one(
        f"""INSERT INTO desk_fields (bot_id, name, kind, choices_json, required_json, created_at)
            VALUES (:bot, :name, :kind, :choices, :required, :at) RETURNING {_COLUMNS}""",
        bot=tx.bot_id,
        at=tx.at,
        **_columns_of(field),
    )
    assert row is not None
    return _field(row)


def save(tx: Tx, field: DeskField) -> None:
    tx.run(
        """UPDATE desk_fields SET name = :name, kind = :kind, choices_json = :choices, required_json = :required
           WHERE bot_id = :bot AND id = :id""",
        bot=tx.bot_id,
        id=field.id,
        **_columns_of(field),
    )


def soft_delete(tx: Tx, field_id: int) -> None:
    """Dialogs keep their values, but show them no more."""
    tx.run(
        "UPDATE desk_fields SET deleted_at = :at WHERE bot_id = :bot AND id = :id",
        at=tx.at,
        bot=tx.bot_id,
        id=field_id,
    )


def is_used(tx: Tx, field_id: int) -> bool:
    """Whether a dialog has a value for it."""
    row = tx.one(
        """SELECT 1 AS used FROM dialogs WHERE bot_id = :bot AND fields_json <> '{}'
           AND fields_json LIKE :pattern LIMIT 1""",
        bot=tx.bot_id,
        pattern=f'%"{field_id}":%',
    )
    return row is not None


def by_name(tx: Tx, stored: Mapping[str, Any]) -> dict[str, Any]:
    """A dialog's values under the names of the fields; nothing is asked where it has none."""
    if not stored:
        return {}
    return {field.name: stored[str(field.id)] for field in all_fields(tx) if str(field.id) in stored}


def set_value(tx: Tx, dialog_id: int, field_id: int, value: Any) -> None:
    """None takes the value away. The dialog is locked."""
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
        row["id"], row["name"], row["kind"], tuple(row["choices_json"]), tuple(row["required_json"])
    )
