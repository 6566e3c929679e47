"""Merging from a card: choose the customer's other dialog, confirm in either direction, and undo."""

from holdline.desk.conversation.merges import dialogs_to_merge, find_merge, merge_dialog, unmerge_dialog
from holdline.desk.dialogs.forms import finish_form
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import DialogVerb, parse_number
from holdline.screens.forms import picker
from holdline.screens.forms.form import (
    Form,
    FormKind,
    FormPosition,
    cancel_form,
    footer_rows,
    open_form,
)
from holdline.screens.keyboards import STATE_ICONS, callback_button
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "merge"
_CHOOSE, _CONFIRM, _UNDO = "choose", "confirm", "undo"


def begin(tx: Tx, manager: Manager, *, spot: FormPosition, dialog_id: int) -> Form:
    """If there is only one other dialog, it is chosen. Raises BadInput if there is none."""
    others = dialogs_to_merge(tx, manager=manager, dialog_id=dialog_id)
    if not others:
        raise BadInput("into", "merging.mend_nothing")
    values = {"from": dialog_id, "into": others[0].id if len(others) == 1 else None}
    step = _CONFIRM if values["into"] else _CHOOSE
    return open_form(tx, manager, FormKind(KIND, step), spot=spot, values=values)


def begin_to_undo(tx: Tx, manager: Manager, *, spot: FormPosition, dialog_id: int) -> Form:
    """Works in the merged dialog and in the one it was merged into."""
    source = find_merge(tx, manager=manager, dialog_id=dialog_id)
    values = {"from": source.id, "into": source.merged_into}
    return open_form(tx, manager, FormKind(KIND, _UNDO), spot=spot, values=values)


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language = manager.language
    source = dialogs.by_id(tx, form.values["from"])
    if form.step == _CHOOSE:
        others = dialogs_to_merge(tx, manager=manager, dialog_id=source.id)
        named = [(other.id, _title_of(other)) for other in others]
        rows = [*picker.keyboard(form, "into", named, ()), *footer_rows(form, manager)]
        return screen_with_title(
            say("merging.head", language, id=source.id), say("merging.choose", language), rows=rows
        )
    target = dialogs.by_id(tx, form.values["into"])
    words = {"source": _title_of(source), "target": _title_of(target)}
    if form.step == _UNDO:
        yes = [form.button(say("merging.undo_yes", language), "undo!")]
        return screen_with_title(
            say("merging.undo_head", language, id=source.id),
            say("merging.undo_ask", language, **words),
            rows=[yes, *footer_rows(form, manager)],
        )
    yes = [form.button(say("merging.yes", language, id=source.id, into=target.id), "merge!")]
    turn = [form.button(say("merging.turn", language, id=target.id, into=source.id), "turn")]
    ask = [say("merging.ask", language, **words)]
    if source.state == "active" and target.state == "paused":
        ask.append(say("merging.none_active", language, into=target.id))
    rows = [yes, turn, *footer_rows(form, manager)]
    return screen_with_title(say("merging.head", language, id=source.id), *ask, rows=rows)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    match action:
        case "cancel":
            return cancel_form(form, manager)
        case "into" if form.step == _CHOOSE:
            _choose(tx, form, manager, parse_number(arg))
        case "turn" if form.step == _CONFIRM:
            form.values |= {"from": form.values["into"], "into": form.values["from"]}
        case "page":
            form.values["first"] = parse_number(arg)
        case "merge!" if form.step == _CONFIRM:
            return _merge(tx, form, manager)
        case "undo!" if form.step == _UNDO:
            return _undo(tx, form, manager)
        case _:
            raise NotFound("button", action)
    return screen(tx, form, manager)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    """This form takes no typed text."""
    raise BadInput("text", "bulk.only_buttons")


def _choose(tx: Tx, form: Form, manager: Manager, dialog_id: int) -> None:
    """A dialog that was closed in the meantime is no longer offered."""
    others = dialogs_to_merge(tx, manager=manager, dialog_id=form.values["from"])
    if dialog_id in [other.id for other in others]:
        form.values["into"], form.step = dialog_id, _CONFIRM


def _merge(tx: Tx, form: Form, manager: Manager) -> Screen:
    finish_form(tx, form_id=form.id)  # before the close, which ends every form that is still open
    source_id = form.values["from"]
    target = merge_dialog(tx, manager=manager, dialog_id=source_id, into=form.values["into"])
    form.done = True
    done = say("merging.done", manager.language, id=source_id, target=_title_of(target))
    back = callback_button(say("merging.button_undo", manager.language), DialogVerb.UNMERGE, source_id)
    return Screen(done, [[back]])


def _undo(tx: Tx, form: Form, manager: Manager) -> Screen:
    """Undoes the merge of this very dialog, whatever was merged later."""
    target = unmerge_dialog(tx, manager=manager, dialog_id=form.values["from"])
    form.done = True
    return Screen(say("merging.undone", manager.language, id=form.values["from"], target=_title_of(target)))


def _title_of(dialog: Dialog) -> str:
    return f"{STATE_ICONS[dialog.state]} #{dialog.id} {inline(dialog.title)}"
