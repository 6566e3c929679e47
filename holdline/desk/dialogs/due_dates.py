"""Due dates: a manager may postpone them; a passed one is noticed once."""

from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.people.managers import require_permission
from holdline.desk.people.time_zones import time_zone_of
from holdline.desk.record import record
from holdline.dialogs.decisions.changes import refuse_changes_of_closed
from holdline.dialogs.decisions.postponing import Shift, postpone
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import SYSTEM, Event, EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act
from holdline.dialogs.text.times import to_rfc3339
from holdline.store.dialogs import dialogs, due_dates
from holdline.store.tx import Tx


def postpone_dialog(tx: Tx, *, manager: Manager, dialog_id: int, shift: Shift) -> Dialog:
    """Sets a new due date, counted in the manager's time zone; history records it as a change of `due_at`."""
    require_permission(tx, manager, Act.MOVE_DIALOG)
    before = dialogs.load_locked(tx, dialog_id)
    refuse_changes_of_closed(before, ["due_at"])
    due_at = postpone(before.due_at, shift, at=tx.at, zone=time_zone_of(tx, manager))
    return change_dialog(tx, manager=manager, dialog_id=dialog_id, changes={"due_at": due_at})


def record_overdue(tx: Tx, *, dialog_id: int) -> bool:
    """Records that the due date has passed. Returns False if it has not, or was noticed before."""
    before = dialogs.load_locked(tx, dialog_id)
    if before.due_at is None or not due_dates.mark_noticed(tx, dialog_id):
        return False
    data = {"due_at": to_rfc3339(before.due_at)}
    record(
        tx,
        [Event(EventKind.DIALOG_OVERDUE, SYSTEM, before.customer_id, before.id, data=data, before=before)],
    )
    return True
