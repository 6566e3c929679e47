"""Changing a dialog's fields: collected as unsaved, applied by 💾 in one history entry, dropped by ✖ (L-25, L-26)."""

from typing import Any

from holdline.desk.dialogs.changes import change_dialog
from holdline.dialogs.decisions.changes import CHANGEABLE_WHEN_CLOSED, refuse_changes_of_closed
from holdline.dialogs.dialog import CARD_FIELDS, CARD_LABELS, TITLE_LIMIT, Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import DeskError, NotFound
from holdline.dialogs.text.limits import fits
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import parse_number
from holdline.screens.forms import picker
from holdline.screens.forms.form import (
    Form,
    FormKind,
    FormPosition,
    cancel_form,
    end_form,
    footer_rows,
    open_form,
)
from holdline.screens.keyboards import ButtonRows, arrange_in_rows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "card"


def begin(tx: Tx, manager: Manager, *, spot: FormPosition, dialog_id: int, field: str = "main") -> Form:
    """`field` opens that step at once."""
    manager.require("dialog.update")
    dialog = dialogs.by_id(tx, dialog_id)
    values: dict[str, Any] = {"dialog_id": dialog_id, "changes": {}}
    step = field if field in CARD_FIELDS else "main"
    form = open_form(tx, manager, FormKind(KIND, step), spot=spot, values=values)
    form.awaits = step == "title"
    _remember_seen(form, dialog)
    return form


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    dialog, language = dialogs.by_id(tx, form.values["dialog_id"]), manager.language
    head = say("windows.card_head", language, id=dialog.id, title=inline(dialog.title))
    problem = form.values.pop("problem", None)
    warning = [f"⚠️ {problem}"] if problem else []
    if form.step == "main":
        return screen_with_title(
            head, *_fields(tx, form, dialog, language), *warning, rows=_main_rows(form, manager, dialog)
        )
    asks = say(f"windows.card_{form.step}", language, limit=TITLE_LIMIT)
    rows = [*_choices(tx, form, dialog), *footer_rows(form, manager, back=True)]
    if form.step in CARD_LABELS and not picker.list_choices(tx, form.step):
        asks = picker.empty_list_text(manager, form.step)
        rows = [*picker.add_value_rows(tx, manager, form.step), *rows]
    return screen_with_title(head, asks, *warning, rows=rows)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    if action == "cancel":
        return cancel_form(form, manager)
    if _drop_what_is_closed(tx, form, manager, asked=arg if action == "edit" else form.step):
        return screen(tx, form, manager)
    match action:
        case "save":
            return _save(tx, form, manager)
        case "back":
            form.step = "main"
        case "page":
            form.values["first"] = parse_number(arg)
        case "edit" if arg in CARD_FIELDS:
            form.step, form.values["first"] = arg, 0
            _remember_seen(form, dialogs.by_id(tx, form.values["dialog_id"]))
        case _:
            _choose(tx, form, manager, action, arg)
    form.awaits = form.step == "title"
    return screen(tx, form, manager)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    if _drop_what_is_closed(tx, form, manager, asked="title"):
        return screen(tx, form, manager)
    title = " ".join(content.text.split())
    if not title or not fits(title, TITLE_LIMIT):
        form.values["problem"] = say("windows.title_rule", manager.language, limit=TITLE_LIMIT)
        return screen(tx, form, manager)
    _set_value(form, dialogs.by_id(tx, form.values["dialog_id"]), "title", title)
    form.step, form.awaits = "main", False
    return screen(tx, form, manager)


def _drop_what_is_closed(tx: Tx, form: Form, manager: Manager, *, asked: str) -> bool:
    """Whether somebody closed the dialog meanwhile: only what it still takes is left, and the window says why."""
    changes = form.values["changes"]
    try:
        refuse_changes_of_closed(
            dialogs.by_id(tx, form.values["dialog_id"]), {*changes, asked} & set(CARD_FIELDS)
        )
    except DeskError as refusal:
        form.values["changes"] = {name: changes[name] for name in CHANGEABLE_WHEN_CLOSED & changes.keys()}
        form.values["problem"] = refusal.sentence(manager.language)
        form.step, form.awaits = "main", False
        return True
    return False


def _choose(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    dialog = dialogs.by_id(tx, form.values["dialog_id"])
    if action == "participants":
        _toggle(form, dialog, action, parse_number(arg))
        return
    if action not in ("type", *CARD_LABELS):
        raise NotFound("button", action)
    name = picker.name_of_choice(picker.list_choices(tx, "types" if action == "type" else action), arg)
    if name is None:
        form.values["problem"] = say("windows.value_gone", manager.language)
    elif action == "type":
        _set_value(form, dialog, "type", name)
        form.step = "main"
    else:
        _toggle(form, dialog, action, name)


def _remember_seen(form: Form, dialog: Dialog) -> None:
    """What the dialog has when its title or type is asked for: a save asks where a colleague has changed it since."""
    if form.step in ("title", "type"):
        form.values.setdefault("seen", {})[form.step] = getattr(dialog, form.step)


def _set_value(form: Form, dialog: Dialog, field: str, value: str) -> None:
    """What was not asked for was seen just now: a form of an earlier version, a button pressed late."""
    form.values["changes"][field] = value
    form.values.setdefault("seen", {}).setdefault(field, getattr(dialog, field))


def _toggle(form: Form, dialog: Dialog, field: str, value: Any) -> None:
    """`seen` keeps what the dialog had then: what colleagues change until the save stays changed."""
    now = _now(form, dialog, field)
    chosen = [name for name in now if name != value] if value in now else [*now, value]
    form.values["changes"][field] = chosen
    form.values.setdefault("seen", {})[field] = _own(dialog, field)


def _own(dialog: Dialog, field: str) -> list[Any]:
    if field == "participants":
        return [person.telegram_id for person in dialog.participants]
    return list(getattr(dialog, field))


def _now(form: Form, dialog: Dialog, field: str) -> list[Any]:
    """What would be saved now: the dialog's own with what the form adds and takes away."""
    own = _own(dialog, field)
    chosen = form.values["changes"].get(field)
    if chosen is None:
        return own
    seen_before = form.values.get("seen", {}).get(field)
    if seen_before is None:
        return list(chosen)
    kept = [name for name in own if name in chosen or name not in seen_before]
    return [*kept, *(name for name in chosen if name not in kept and name not in seen_before)]


def _choices(tx: Tx, form: Form, dialog: Dialog) -> ButtonRows:
    if form.step == "participants":
        inside = _now(form, dialog, "participants")
        people = [(p.telegram_id, p.name) for p in picker.active_managers(tx)]
        ticked = [(i, f"✅ {name}" if i in inside else name) for i, name in people]
        return picker.keyboard(form, "participants", ticked, ())
    if form.step == "type":
        chosen = form.values["changes"].get("type", dialog.type)
        return picker.keyboard(form, "type", picker.list_choices(tx, "types"), {chosen})
    if form.step in CARD_LABELS:
        return picker.keyboard(
            form, form.step, picker.list_choices(tx, form.step), _now(form, dialog, form.step)
        )
    return []


def _fields(tx: Tx, form: Form, dialog: Dialog, language: str) -> list[str]:
    people = {p.telegram_id: p.name for p in picker.active_managers(tx)}
    people |= {p.telegram_id: p.name for p in dialog.participants}
    lines = []
    for field in CARD_FIELDS:
        value = form.values["changes"].get(field)
        unsaved = f" · {say('windows.not_saved', language)}" if value is not None else ""
        if field in ("title", "type"):
            text = value or getattr(dialog, field)
        else:
            text = ", ".join(str(people.get(name, name)) for name in _now(form, dialog, field))
        lines.append(say(f"windows.line_{field}", language, value=text or "—") + unsaved)
    return lines


def _main_rows(form: Form, manager: Manager, dialog: Dialog) -> ButtonRows:
    """A closed dialog takes tags alone."""
    language = manager.language
    names = [name for name in CARD_FIELDS if dialog.state != "closed" or name in CHANGEABLE_WHEN_CLOSED]
    fields = [form.button(say(f"windows.field_{name}", language), "edit", name) for name in names]
    save = [[form.button(say("windows.save", language), "save")]] if form.values["changes"] else []
    drop = form.button(say("windows.drop", language), "cancel")
    return [*arrange_in_rows(fields), *save, [drop]]


def _save(tx: Tx, form: Form, manager: Manager) -> Screen:
    """Under the dialog's lock: nobody changes it between what is compared and what is saved."""
    dialog = dialogs.load_locked(tx, form.values["dialog_id"])
    if overtaken := _overtaken(form, dialog):
        values = "; ".join(
            say(f"windows.line_{field}", manager.language, value=inline(getattr(dialog, field)))
            for field in overtaken
        )
        form.values["problem"] = say("windows.changed_meanwhile", manager.language, values=values)
        form.values["seen"] |= {field: getattr(dialog, field) for field in overtaken}
        form.step = "main"
        return screen(tx, form, manager)
    changes = {
        field: _now(form, dialog, field) if isinstance(chosen, list) else chosen
        for field, chosen in form.values["changes"].items()
    }
    dialog = change_dialog(tx, manager=manager, dialog_id=dialog.id, changes=changes)
    return end_form(form, say("windows.saved", manager.language, id=dialog.id, title=inline(dialog.title)))


def _overtaken(form: Form, dialog: Dialog) -> list[str]:
    """Fields with one value that a colleague has given another since; forms of earlier versions do not know."""
    changes, seen = form.values["changes"], form.values.get("seen", {})
    return [
        field
        for field in ("title", "type")
        if field in changes and field in seen and getattr(dialog, field) not in (seen[field], changes[field])
    ]
