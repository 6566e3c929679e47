"""What a bulk job does to one dialog: it calls the same use cases as a single act, with the same rights."""

from typing import Any

from holdline.desk.dialogs.assignment import assign_dialog
from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.dialogs.due_dates import postpone_dialog
from holdline.desk.dialogs.labels import label_ids, queue_id, stage_id
from holdline.desk.dialogs.transitions import close_dialog
from holdline.desk.people.managers import manager_by_telegram_id, require_permission
from holdline.dialogs.bulk import BulkStep
from holdline.dialogs.closing import Closing
from holdline.dialogs.decisions.changes import valid_priority, valid_stage, with_tags, without_tags
from holdline.dialogs.decisions.postponing import Shift, postpone
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.rights import Act
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx


def refuse_bad_step(tx: Tx, step: BulkStep) -> None:
    """Refuses, before the job begins, a step that could work on no dialog at all."""
    value = step.value
    match step.name:
        case "assign" if value is not None and manager_by_telegram_id(tx, telegram_id=value) is None:
            raise BadInput("assign", "bulk.no_manager")
        case "stage":
            stage_id(tx, valid_stage(value))
        case "queue" if value is not None:
            queue_id(tx, value)
        case "priority":
            valid_priority(value)
        case "postpone":
            postpone(None, _shift(value), at=tx.at, zone="UTC")
        case "add_tags":
            label_ids(tx, "tags", value)
        case "close" if value.get("root_cause"):
            label_ids(tx, "root_causes", [value["root_cause"]])


def do_step(tx: Tx, step: BulkStep, *, manager: Manager, dialog_id: int) -> None:
    """Carries out the step on one dialog; raises the refusal, if any."""
    match step.name:
        case "assign":
            assign_dialog(tx, manager=manager, dialog_id=dialog_id, assignee_telegram_id=step.value)
        case "postpone":
            postpone_dialog(tx, manager=manager, dialog_id=dialog_id, shift=_shift(step.value))
        case "close":
            require_permission(tx, manager, Act.CLOSE_DIALOG)  # a single close would become a request
            close_dialog(tx, manager=manager, dialog_id=dialog_id, closing=Closing(**step.value))
        case "add_tags" | "remove_tags":
            carried = dialogs.load_locked(tx, dialog_id).tags
            tags = (with_tags if step.name == "add_tags" else without_tags)(carried, step.value)
            change_dialog(tx, manager=manager, dialog_id=dialog_id, changes={"tags": tags})
        case _:
            changes: dict[str, Any] = {step.name: step.value}
            change_dialog(tx, manager=manager, dialog_id=dialog_id, changes=changes)


def _shift(value: dict[str, int | None]) -> Shift:
    """Has no unit if `value` does not name exactly one; such a shift is refused later with a message."""
    units = [(unit, number) for unit, number in value.items() if number is not None]
    return Shift(*units[0]) if len(units) == 1 else Shift()
