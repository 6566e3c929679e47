"""Choosing who gets a dialog: no form is needed, the button carries all there is to say."""

from holdline.bot.keyboards import in_rows, press
from holdline.bot.windows import picker
from holdline.bot.windows.window import Window, titled
from holdline.dialogs.manager import Manager
from holdline.dialogs.text import inline
from holdline.store import dialogs
from holdline.store.tx import Tx
from holdline.texts import say

MOST = 60


def people_window(tx: Tx, manager: Manager, *, dialog_id: int) -> Window:
    """The ready ones first; the last button withdraws the assignment."""
    dialog, language = dialogs.by_id(tx, dialog_id), manager.language
    people = sorted(picker.of_people(tx), key=lambda person: (not person.ready, person.name.casefold()))
    buttons = [
        press(f"{'🟢' if p.ready else '⚪️'} {p.name}", "assign", dialog_id, p.telegram_id)
        for p in people[:MOST]
    ]
    rows = in_rows(buttons)
    if dialog.assignee is not None:
        rows.append([press(say("windows.unassign", language), "assign", dialog_id, 0)])
    owner = dialog.assignee.name if dialog.assignee else "—"
    head = say("windows.assign_head", language, id=dialog.id, title=inline(dialog.title))
    return titled(head, say("windows.assign_now", language, name=owner), rows=rows)
