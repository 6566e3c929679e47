"""Checks and stores one value of a dialog; the caller records the change and notifies of it."""

from collections.abc import Mapping
from typing import Any

from holdline.desk.dialogs.labels import label_ids, policy_id, queue_id, stage_id, type_id
from holdline.desk.tagging.at_close import note_corrections
from holdline.dialogs.decisions import changes as rules
from holdline.dialogs.decisions.desk_fields import field_by_name, valid_value
from holdline.dialogs.decisions.opening import valid_title
from holdline.store.dialogs import desk_fields, dialogs
from holdline.store.tx import Tx


def set_value(tx: Tx, dialog_id: int, name: str, value: Any, *, source: str = "manager") -> None:
    """Stores a value. `name`: any of `rules.FIELDS` but the participants. Lists are given as names; None clears queue,
    due_at, sla_policy and description.

    `source`: manager or rule, who sets the labels. Only a manager's removal of tags counts as a correction.
    """
    match name:
        case "title":
            dialogs.set_fields(tx, dialog_id, title=valid_title(value))
        case "type":
            dialogs.set_fields(tx, dialog_id, type_id=type_id(tx, value))
        case "stage":
            dialogs.set_fields(tx, dialog_id, stage_id=stage_id(tx, rules.valid_stage(value)))
        case "priority":
            dialogs.set_fields(tx, dialog_id, priority=rules.valid_priority(value))
        case "queue":
            dialogs.set_fields(tx, dialog_id, queue_id=queue_id(tx, value) if value is not None else None)
        case "description":
            dialogs.set_fields(tx, dialog_id, description=(value or "").strip())
        case "due_at":
            dialogs.set_fields(tx, dialog_id, due_at=value, overdue_noticed=0)
        case "sla_policy":
            dialogs.set_fields(tx, dialog_id, sla_policy_id=policy_id(tx, value), sla_policy_named=1)
        case "fields":
            _set_desk_fields(tx, dialog_id, value)
        case _:
            carried = dialogs.labels(tx, dialog_id, name)
            ids = label_ids(tx, name, value, carried=carried)
            if name == "tags" and source == "manager" and not set(carried.values()) <= set(ids):
                note_corrections(tx, dialog_id, ids)
            dialogs.set_labels(tx, dialog_id, name, ids, source=source)
            if set(carried.values()) != set(ids):
                dialogs.set_fields(tx, dialog_id)


def _set_desk_fields(tx: Tx, dialog_id: int, values: Mapping[str, Any]) -> None:
    known = desk_fields.all_fields(tx)
    for name, value in values.items():
        field = field_by_name(known, name)
        desk_fields.set_value(tx, dialog_id, field.id, valid_value(field, value))
