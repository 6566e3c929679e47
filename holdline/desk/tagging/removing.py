"""Removing an automatic tag with one tap: a correction, which is counted and learnt from."""

from holdline.desk.dialogs.changes import change_dialog
from holdline.dialogs.manager import Manager
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx


def take_tag_off(tx: Tx, *, manager: Manager, dialog_id: int, tag_id: int) -> str | None:
    """Removes the tag and returns its name; None if somebody else removed it first."""
    dialog = dialogs.load_locked(tx, dialog_id)
    carried = dialogs.labels(tx, dialog_id, "tags")
    name = next((each for each, number in carried.items() if number == tag_id), None)
    if name is not None:
        kept = [each for each in dialog.tags if each != name]
        change_dialog(tx, manager=manager, dialog_id=dialog_id, changes={"tags": kept})
    return name
