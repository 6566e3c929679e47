"""Choosing who gets a dialog: no form is needed, the button carries all there is to say."""

from holdline.desk.people.presence import managers_there
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.text.splitting import inline
from holdline.screens.dialog_link import way
from holdline.screens.forms import picker
from holdline.screens.keyboards import in_rows, press, short
from holdline.screens.screen import Window, titled
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.texts import say

MOST = 60


def people_window(tx: Tx, manager: Manager, *, dialog_id: int, called: str = "") -> Window:
    """Those who are there first; the last button withdraws the assignment. `called` is a name that was not clear."""
    dialog, language = dialogs.by_id(tx, dialog_id), manager.language
    found = people_called(tx, called) or picker.of_people(tx)
    there = managers_there(tx)
    people = sorted(found, key=lambda person: (person.id not in there, person.name.casefold()))
    buttons = [
        press(f"{'🟢' if p.id in there else '⚪️'} {p.name}", "assign", dialog_id, p.telegram_id)
        for p in people[:MOST]
    ]
    rows = in_rows(buttons)
    if dialog.assignee is not None:
        rows.append([press(say("windows.unassign", language), "assign", dialog_id, 0)])
    owner = dialog.assignee.name if dialog.assignee else "—"
    head = say("windows.assign_head", language, id=dialog.id, title=inline(dialog.title))
    lines = [say("windows.assign_now", language, name=inline(owner)), say("windows.assign_signs", language)]
    if called:
        key = "assign_which" if len(people_called(tx, called)) > 1 else "assign_nobody"
        lines.insert(0, say(f"windows.{key}", language, name=inline(short(called))))
    return titled(head, *lines, rows=rows)


def assigned_window(tx: Tx, manager: Manager, dialog: Dialog) -> Window:
    """What the choice came to, with the way to the dialog."""
    name = inline(dialog.assignee.name) if dialog.assignee else ""
    key = "assigned" if dialog.assignee else "assigned_nobody"
    go = way(tx, dialog.id, say("manager.go", manager.language, id=dialog.id))
    return Window(say(f"manager.{key}", manager.language, id=dialog.id, name=name), [[go]])


def people_called(tx: Tx, name: str) -> list[Manager]:
    """Whose whole name it is, else whose name, or a later word of it, begins so; upper and lower case alike."""
    wanted = " ".join(name.casefold().split())
    if not wanted:
        return []
    people = picker.of_people(tx)
    whole = [person for person in people if person.name.casefold() == wanted]
    return whole or [person for person in people if f" {wanted}" in f" {person.name.casefold()}"]
