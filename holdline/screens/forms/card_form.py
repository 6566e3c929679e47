"""Changing a dialog's fields: collected as unsaved, applied by 💾 as one line of history, dropped by ✖ (L-25, L-26)."""

from typing import Any

from holdline.desk.dialogs.changes import change_dialog
from holdline.desk.settings.lists import add_to_list
from holdline.dialogs.decisions.changes import CHANGEABLE_WHEN_CLOSED, refuse_changes_of_closed
from holdline.dialogs.dialog import CARD_FIELDS, CARD_LABELS, TITLE_LIMIT, Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput, DeskError, NotFound
from holdline.dialogs.rights import Act, is_allowed, require_allowed
from holdline.dialogs.text.limits import fits
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import DialogVerb, parse_number
from holdline.screens.dialogs import card_values
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
from holdline.screens.keyboards import ButtonRows, arrange_in_rows, callback_button
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs import dialogs, lists
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "card"
_MULTIPLE = (*CARD_LABELS, "root_causes")


def begin(tx: Tx, manager: Manager, *, spot: FormPosition, dialog_id: int, field: str = "main") -> Form:
    """`field` opens that step at once."""
    require_allowed(manager, Act.CHANGE_DIALOG)
    dialog = dialogs.by_id(tx, dialog_id)
    values: dict[str, Any] = {"dialog_id": dialog_id, "changes": {}}
    step = field if field in card_values.EDITED else "main"
    form = open_form(tx, manager, FormKind(KIND, step), spot=spot, values=values)
    form.awaits = _takes_text(tx, form, manager)
    _remember_seen(tx, form, dialog)
    return form


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    dialog, language = dialogs.by_id(tx, form.values["dialog_id"]), manager.language
    head = say("windows.card_head", language, id=dialog.id, title=inline(dialog.title))
    problem = form.values.pop("problem", None)
    warning = [f"⚠️ {problem}"] if problem else []
    if form.step == "main":
        return screen_with_title(
            head, *_fields(tx, form, dialog, language), *warning, rows=_main_rows(tx, form, manager, dialog)
        )
    asks = card_values.question_of(tx, form.step, language, limit=TITLE_LIMIT)
    if form.step == "tags" and _takes_text(tx, form, manager):
        asks = f"{asks}\n{say('windows.card_tags_free', language)}"
    rows = [*_choices(tx, form, dialog, language), *footer_rows(form, manager, back=True)]
    kind = "queues" if form.step == "queue" else form.step
    if kind in (*_MULTIPLE, "queues") and not picker.list_choices(tx, kind):
        asks = picker.empty_list_text(manager, kind)
        rows = [*picker.add_value_rows(tx, manager, kind), *rows]
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
        case "edit" if _is_field(tx, arg):
            form.step, form.values["first"] = arg, 0
            _remember_seen(tx, form, dialogs.by_id(tx, form.values["dialog_id"]))
        case _:
            _choose(tx, form, manager, action, arg)
    form.awaits = _takes_text(tx, form, manager)
    return screen(tx, form, manager)


def _takes_text(tx: Tx, form: Form, manager: Manager) -> bool:
    """Managers who may edit the list can type a new tag."""
    return card_values.is_written(tx, form.step) or (
        form.step == "tags" and is_allowed(manager, Act.EDIT_DESK)
    )


def _is_field(tx: Tx, key: str) -> bool:
    return key in card_values.EDITED or card_values.own_field(tx, key) is not None


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    if _drop_what_is_closed(tx, form, manager, asked=form.step):
        return screen(tx, form, manager)
    if form.step == "tags":
        return _take_new_tag(tx, form, manager, written=content.text)
    try:
        value = _parse_typed(tx, form, content.text, language=manager.language)
    except BadInput as refused:
        form.values["problem"] = refused.remedy(manager.language)
        return screen(tx, form, manager)
    _set_value(tx, form, dialogs.by_id(tx, form.values["dialog_id"]), form.step, value=value)
    form.step, form.awaits = "main", False
    return screen(tx, form, manager)


def _take_new_tag(tx: Tx, form: Form, manager: Manager, *, written: str) -> Screen:
    """A listed tag is ticked. A new one is added to the list at once, and to the dialog on saving."""
    try:
        known = lists.find(tx, "tags", written)
        name = (known or add_to_list(tx, manager=manager, kind="tags", name=written))["name"]
        dialog = dialogs.by_id(tx, form.values["dialog_id"])
        if name not in _values_after_save(form, dialog, "tags"):
            _toggle(form, dialog, "tags", name)
    except DeskError as refused:
        form.values["problem"] = refused.sentence(manager.language)
    return screen(tx, form, manager)


def _parse_typed(tx: Tx, form: Form, text: str, *, language: str) -> Any:
    if form.step != "title":
        return card_values.read_value(tx, form.step, text)
    title = " ".join(text.split())
    if not title or not fits(title, TITLE_LIMIT):
        raise BadInput("title", say("windows.title_rule", language, limit=TITLE_LIMIT))
    return title


def _drop_what_is_closed(tx: Tx, form: Form, manager: Manager, *, asked: str) -> bool:
    """If the dialog was closed meanwhile, keeps only the changes it still accepts, says why, and returns True."""
    changes = form.values["changes"]
    try:
        refuse_changes_of_closed(
            dialogs.by_id(tx, form.values["dialog_id"]),
            [name for name in (*changes, asked) if name in changes or _is_field(tx, name)],
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
    if action in _MULTIPLE:
        name = picker.name_of_choice(picker.list_choices(tx, action), arg)
        if name is None:
            form.values["problem"] = say("windows.value_gone", manager.language)
        else:
            _toggle(form, dialog, action, name)
        return
    if not card_values.is_single(action):
        raise NotFound("button", action)
    try:
        _set_value(tx, form, dialog, action, value=card_values.choose(tx, action, arg))
        form.step = "main"
    except LookupError:
        form.values["problem"] = say("windows.value_gone", manager.language)


def _remember_seen(tx: Tx, form: Form, dialog: Dialog) -> None:
    """Records the value of a single-value field, so that saving detects a colleague's change."""
    if card_values.is_single(form.step):
        form.values.setdefault("seen", {})[form.step] = card_values.value_of(tx, dialog, form.step)


def _set_value(tx: Tx, form: Form, dialog: Dialog, field: str, *, value: Any) -> None:
    """A value not recorded before counts as seen now: in a form of an earlier version, or on a late press."""
    form.values["changes"][field] = value
    form.values.setdefault("seen", {}).setdefault(field, card_values.value_of(tx, dialog, field))


def _toggle(form: Form, dialog: Dialog, field: str, value: Any) -> None:
    """`seen` keeps the dialog's values of now, so that saving keeps later changes by colleagues."""
    now = _values_after_save(form, dialog, field)
    chosen = [name for name in now if name != value] if value in now else [*now, value]
    form.values["changes"][field] = chosen
    form.values.setdefault("seen", {})[field] = _own(dialog, field)


def _own(dialog: Dialog, field: str) -> list[Any]:
    if field == "participants":
        return [person.telegram_id for person in dialog.participants]
    return list(getattr(dialog, field))


def _values_after_save(form: Form, dialog: Dialog, field: str) -> list[Any]:
    """The values that would be saved now: the dialog's own, with the form's additions and removals."""
    own = _own(dialog, field)
    chosen = form.values["changes"].get(field)
    if chosen is None:
        return own
    seen_before = form.values.get("seen", {}).get(field)
    if seen_before is None:
        return list(chosen)
    kept = [name for name in own if name in chosen or name not in seen_before]
    return [*kept, *(name for name in chosen if name not in kept and name not in seen_before)]


def _choices(tx: Tx, form: Form, dialog: Dialog, language: str) -> ButtonRows:
    if form.step == "participants":
        inside = _values_after_save(form, dialog, "participants")
        people = [(p.telegram_id, p.name) for p in picker.active_managers(tx)]
        ticked = [(i, f"✅ {name}" if i in inside else name) for i, name in people]
        return picker.keyboard(form, "participants", ticked, ())
    if form.step in _MULTIPLE:
        return picker.keyboard(
            form, form.step, picker.list_choices(tx, form.step), _values_after_save(form, dialog, form.step)
        )
    chosen = _single_value_after_save(tx, form, dialog, form.step)
    return card_values.choice_rows(tx, form, form.step, chosen, language=language)


def _single_value_after_save(tx: Tx, form: Form, dialog: Dialog, key: str) -> Any:
    changes = form.values["changes"]
    return changes[key] if key in changes else card_values.value_of(tx, dialog, key)


def _fields(tx: Tx, form: Form, dialog: Dialog, language: str) -> list[str]:
    people = {p.telegram_id: p.name for p in picker.active_managers(tx)}
    people |= {p.telegram_id: p.name for p in dialog.participants}
    lines = []
    for field in card_values.editable_fields(tx):
        unsaved = f" · {say('windows.not_saved', language)}" if field in form.values["changes"] else ""
        if card_values.is_single(field):
            value = _single_value_after_save(tx, form, dialog, field)
        else:
            value = ", ".join(str(people.get(name, name)) for name in _values_after_save(form, dialog, field))
        if value not in (None, "") or unsaved or field in CARD_FIELDS:
            lines.append(card_values.line_of(tx, field, value, language) + unsaved)
    return lines


def _main_rows(tx: Tx, form: Form, manager: Manager, dialog: Dialog) -> ButtonRows:
    """In a closed dialog only tags can be changed."""
    language = manager.language
    names = [
        name
        for name in card_values.editable_fields(tx)
        if dialog.state != "closed" or name in CHANGEABLE_WHEN_CLOSED
    ]
    fields = [form.button(card_values.caption_of(tx, name, language), "edit", name) for name in names]
    save = [[form.button(say("windows.save", language), "save")]] if form.values["changes"] else []
    drop = form.button(say("windows.drop", language), "cancel")
    if dialog.state != "closed":
        fields.append(callback_button(say("attach.button", language), DialogVerb.LIST_ATTACHMENTS, dialog.id))
    return [*arrange_in_rows(fields), *save, [drop]]


def _save(tx: Tx, form: Form, manager: Manager) -> Screen:
    """Holds the dialog's lock, so that nobody changes it between the comparison and the save."""
    dialog = dialogs.load_locked(tx, form.values["dialog_id"])
    if overtaken := _fields_changed_since(tx, form, dialog):
        values = "; ".join(
            card_values.line_of(tx, field, value, manager.language) for field, value in overtaken.items()
        )
        form.values["problem"] = say("windows.changed_meanwhile", manager.language, values=values)
        form.values["seen"] |= overtaken
        form.step = "main"
        return screen(tx, form, manager)
    dialog = change_dialog(tx, manager=manager, dialog_id=dialog.id, changes=_changes(tx, form, dialog))
    return end_form(form, say("windows.saved", manager.language, id=dialog.id, title=inline(dialog.title)))


def _changes(tx: Tx, form: Form, dialog: Dialog) -> dict[str, Any]:
    """The changes in stored form. Desk fields use their current names; deleted ones are left out."""
    changes, own = {}, {}
    for key, chosen in form.values["changes"].items():
        field = card_values.own_field(tx, key)
        if field is not None:
            own[field.name] = chosen
        elif key in card_values.EDITED:
            changes[key] = _values_after_save(form, dialog, key) if isinstance(chosen, list) else chosen
    return {**changes, **({"fields": own} if own else {})}


def _fields_changed_since(tx: Tx, form: Form, dialog: Dialog) -> dict[str, Any]:
    """The single-value fields that a colleague has changed since. Forms of earlier versions lack the data."""
    changes, seen = form.values["changes"], form.values.get("seen", {})
    stored = {
        key: card_values.value_of(tx, dialog, key)
        for key in changes
        if key in seen and card_values.is_single(key)
    }
    return {key: value for key, value in stored.items() if value not in (seen[key], changes[key])}
