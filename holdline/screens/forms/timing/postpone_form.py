"""⏰ Postpone: choose how long; a tap sets the resulting date (R-25 to R-27)."""

from datetime import datetime

from holdline.desk.dialogs.due_dates import postpone_dialog
from holdline.desk.dialogs.transitions import pause_dialog
from holdline.desk.people.time_zones import time_zone_of
from holdline.dialogs.decisions.changes import refuse_changes_of_closed
from holdline.dialogs.decisions.postponing import Shift, postpone
from holdline.dialogs.decisions.typed_time import read_shift
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.rights import Act, require_allowed
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import moment_text, to_rfc3339
from holdline.screens.forms.form import (
    Form,
    FormKind,
    FormPosition,
    cancel_form,
    end_form,
    footer_rows,
    open_form,
)
from holdline.screens.keyboards import arrange_in_rows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "postpone"
PRESETS = {
    "1h": Shift("hours", 1),
    "4h": Shift("hours", 4),
    "1d": Shift("days", 1),
    "3d": Shift("days", 3),
    "7d": Shift("days", 7),
    "1mo": Shift("months", 1),
}


def begin(tx: Tx, manager: Manager, *, spot: FormPosition, dialog_id: int) -> Form:
    """Refused at once for a closed dialog."""
    require_allowed(manager, Act.MOVE_DIALOG)
    refuse_changes_of_closed(dialogs.by_id(tx, dialog_id), ["due_at"])
    form = open_form(tx, manager, FormKind(KIND), spot=spot, values={"dialog_id": dialog_id})
    form.awaits = True
    return form


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    dialog, language = dialogs.by_id(tx, form.values["dialog_id"]), manager.language
    head = say("time.postpone_head", language, id=dialog.id, title=inline(dialog.title))
    zone = time_zone_of(tx, manager)
    now = say("time.due_now", language, at=moment_text(dialog.due_at, zone)) if dialog.due_at else ""
    if form.step == "confirm":
        until = datetime.fromisoformat(form.values["until"])
        answer = say("time.due_then", language, at=moment_text(until, zone))
        rows = [[form.button(say("time.set_due_date", language), "set")], *_pause_row(form, dialog, language)]
        return screen_with_title(head, now, answer, rows=[*rows, *footer_rows(form, manager, back=True)])
    presets = [form.button(say(f"time.preset_{name}", language), "by", name) for name in PRESETS]
    rows = [*arrange_in_rows(presets, 3), *footer_rows(form, manager)]
    return screen_with_title(head, now, say("time.postpone_hint", language), rows=rows)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    if action == "cancel":
        return cancel_form(form, manager)
    if action == "back":
        form.step, form.awaits = "main", True
    elif action == "by" and arg in PRESETS:
        _propose(tx, form, manager, PRESETS[arg])
    elif action in ("set", "pause") and form.step == "confirm":
        return _carry_out(tx, form, manager, action)
    else:
        raise NotFound("button", action)
    return screen(tx, form, manager)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    _propose(tx, form, manager, read_shift(content.text, at=tx.at, zone=time_zone_of(tx, manager)))
    form.values["typed"] = content.text
    return screen(tx, form, manager)


def _propose(tx: Tx, form: Form, manager: Manager, shift: Shift) -> None:
    """Computes the date once, so that exactly the shown date is set."""
    dialog = dialogs.by_id(tx, form.values["dialog_id"])
    until = postpone(dialog.due_at, shift, at=tx.at, zone=time_zone_of(tx, manager))
    form.values["until"] = to_rfc3339(until)
    form.step, form.awaits = "confirm", False


def _carry_out(tx: Tx, form: Form, manager: Manager, action: str) -> Screen:
    dialog_id, until = form.values["dialog_id"], datetime.fromisoformat(form.values["until"])
    if action == "pause":
        pause_dialog(tx, manager=manager, dialog_id=dialog_id, until=until)
    else:
        postpone_dialog(tx, manager=manager, dialog_id=dialog_id, shift=Shift(until=until))
    at = moment_text(until, time_zone_of(tx, manager))
    return end_form(form, say(f"time.done_{action}", manager.language, id=dialog_id, at=at))


def _pause_row(form: Form, dialog: Dialog, language: str) -> list[list[dict[str, str]]]:
    """A button to pause the dialog until the same moment."""
    if dialog.state != "active":
        return []
    return [[form.button(say("time.pause_until", language), "pause")]]
