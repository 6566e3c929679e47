"""Fields that the desk adds to its dialogs, and who may edit them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from holdline.desk.people.managers import require_permission
from holdline.desk.settings.free_name import free_name
from holdline.dialogs.automation.order import move
from holdline.dialogs.decisions.desk_fields import (
    DeskField,
    refuse_other_kind,
    valid_choices,
    valid_kind,
)
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.rights import Act
from holdline.dialogs.text.wording import one_line
from holdline.store.dialogs import desk_fields, lists
from holdline.store.people import admin_log
from holdline.store.tx import Tx

_MOST_COUNTED = 1000


def list_fields(tx: Tx) -> list[DeskField]:
    return desk_fields.all_fields(tx)


def field_by_id(tx: Tx, field_id: int) -> DeskField:
    """The field; raises NotFound if there is none or it was deleted."""
    for field in desk_fields.all_fields(tx):
        if field.id == field_id:
            return field
    raise NotFound("field", field_id)


def count_uses(tx: Tx, field: DeskField) -> tuple[int, bool]:
    """How many dialogs have a value in this field, and whether there are more than were counted."""
    uses = desk_fields.count_uses(tx, field.id, limit=_MOST_COUNTED + 1)
    return min(uses, _MOST_COUNTED), uses > _MOST_COUNTED


def free_field_name(tx: Tx, name: str, *, of: int = 0) -> str:
    """The name as it would be stored; raises BadInput if another field than `of` has it."""
    return free_name(name, [other.name for other in desk_fields.all_fields(tx) if other.id != of])


def add_field(tx: Tx, *, manager: Manager | None, values: dict[str, Any]) -> DeskField:
    """Adds a field. `values`: name, kind, choices, required_on_close."""
    require_permission(tx, manager, Act.EDIT_DESK)
    added = desk_fields.insert(tx, _with_values(tx, DeskField(0, "", "text"), values))
    admin_log.add(tx, manager, "field_added", about=f"fields:{added.id}", after=added.name)
    return added


def change_field(tx: Tx, *, manager: Manager | None, field_id: int, values: dict[str, Any]) -> DeskField:
    """Changes only the given values. The kind cannot change while dialogs have values of it."""
    require_permission(tx, manager, Act.EDIT_DESK)
    before = field_by_id(tx, field_id)
    after = _with_values(tx, before, values)
    is_used = bool(desk_fields.count_uses(tx, field_id, limit=1))
    refuse_other_kind(before, after, is_used=is_used)
    if after != before:
        desk_fields.save(tx, after)
        admin_log.add(
            tx, manager, "field_changed", about=f"fields:{field_id}", before=before.name, after=after.name
        )
    return _move(tx, manager, after, to=values["position"]) if "position" in values else after


def _move(tx: Tx, manager: Manager | None, field: DeskField, *, to: int) -> DeskField:
    """Moves a field to another position; the others shift."""
    before = desk_fields.load_locked(tx)
    ordered = move(before, field, to=to)
    for moved in ordered:
        if moved not in before:
            desk_fields.set_position(tx, moved)
    places = [[each.id for each in fields].index(field.id) + 1 for fields in (before, ordered)]
    if places[0] != places[1]:
        about = f"fields:{field.id}"
        admin_log.add(tx, manager, "field_moved", about=about, before=places[0], after=places[1])
    return field_by_id(tx, field.id)


def remove_field(tx: Tx, *, manager: Manager | None, field_id: int) -> None:
    """Deletes a field: dialogs do not show it any longer, and no close requires it."""
    require_permission(tx, manager, Act.EDIT_DESK)
    field = field_by_id(tx, field_id)
    desk_fields.soft_delete(tx, field_id)
    admin_log.add(tx, manager, "field_deleted", about=f"fields:{field_id}", before=field.name)


def _with_values(tx: Tx, field: DeskField, values: dict[str, Any]) -> DeskField:
    kind = valid_kind(values.get("kind", field.kind))
    kept = field.choices if kind == "choice" else ()
    choices = [one_line(choice, field="choices") for choice in values.get("choices", kept)]
    return replace(
        field,
        name=free_field_name(tx, values["name"], of=field.id) if "name" in values else field.name,
        kind=kind,
        choices=valid_choices(kind, choices),
        required_on_close=_types(tx, values.get("required_on_close", field.required_on_close)),
    )


def _types(tx: Tx, names: Iterable[str]) -> tuple[str, ...]:
    """The names as the list of types writes them."""
    found = [lists.find(tx, "types", name) for name in names]
    if None in found:
        raise BadInput("required_on_close", "not_in_list")
    return tuple(dict.fromkeys(row["name"] for row in found if row is not None))
