"""Settings → Own fields: a wizard creates a field; its page renames, moves and deletes it."""

from typing import Any

from holdline.desk.settings.desk_fields import (
    add_field,
    change_field,
    count_uses,
    field_by_id,
    free_field_name,
    list_fields,
    remove_field,
)
from holdline.dialogs.decisions.desk_fields import KINDS, DeskField, split_choices
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rights import Act
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import parse_number
from holdline.screens.forms import picker
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ButtonRows, arrange_in_rows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

ACT = Act.EDIT_DESK
PAGE = "fields"
_ASKED = ("name", "choices", "delete")
_NEW = f"{PAGE}/new"


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """`step` is fields, fields/new/kind or choices, fields/12, or fields/12/name, choices, delete."""
    _, *path = form.step.split("/")
    if not path:
        return _list(tx, form, manager)
    if path[0] == "new":
        return _wizard(form, manager, path[1])
    field = field_by_id(tx, int(path[0]))
    if path[1:] == ["delete"]:
        return _delete_question(tx, form, manager, field)
    if len(path) > 1:
        return _prompt(form, manager, field, path[1])
    return _page(tx, form, manager, field)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    number = _field_number(form)
    if number not in _numbers(tx):
        _press_outside_field(tx, form, manager, action, arg)
        return
    field = field_by_id(tx, number)
    match action:
        case "list":
            _show(form, PAGE)
        case "ask" if arg in _ASKED:
            form.step = f"{PAGE}/{number}/{arg}"
        case "up" | "down":
            place = _numbers(tx).index(number) + (2 if action == "down" else 0)
            _change(tx, form, manager, {"position": max(1, place)})
        case "type":
            _change(tx, form, manager, {"required_on_close": _types_after_press(tx, field, arg)})
        case "delete!":
            remove_field(tx, manager=manager, field_id=field.id)
            _show(form, PAGE)
        case _:
            form.step = f"{PAGE}/{number}"


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    """In the list, the name of a new field; otherwise the requested value. After BadInput nothing has changed."""
    match form.step.split("/"):
        case [_]:
            form.values["new"] = {"name": free_field_name(tx, content.text)}
            form.step = f"{_NEW}/kind"
        case [_, "new", "kind"]:
            form.values["new"] = {"name": free_field_name(tx, content.text)}
        case [_, "new", "choices"]:
            _add(tx, form, manager, {**form.values["new"], "choices": split_choices(content.text)})
        case [_, _, "name"]:
            _change(tx, form, manager, {"name": content.text})
        case [_, _, "choices"]:
            _change(tx, form, manager, {"choices": split_choices(content.text)})
        case _:
            pass


def _press_outside_field(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    """A press in the list or the wizard. Returns to the list if a colleague deleted the field in the meantime."""
    is_new = form.step.startswith(_NEW)
    if action == "kind" and is_new and arg in KINDS:
        form.values["new"] = {**form.values["new"], "kind": arg}
        if arg == "choice":
            form.step = f"{_NEW}/choices"
        else:
            _add(tx, form, manager, form.values["new"])
    elif action == "kinds" and is_new:
        form.step = f"{_NEW}/kind"
    elif action == "show" and parse_number(arg) in _numbers(tx):
        _show(form, f"{PAGE}/{parse_number(arg)}")
    else:
        _show(form, PAGE)


def _add(tx: Tx, form: Form, manager: Manager, values: dict[str, Any]) -> None:
    added = add_field(tx, manager=manager, values=values)
    form.values.pop("new", None)
    _show(form, f"{PAGE}/{added.id}")


def _change(tx: Tx, form: Form, manager: Manager, values: dict[str, Any]) -> None:
    change_field(tx, manager=manager, field_id=_field_number(form), values=values)
    form.step = f"{PAGE}/{_field_number(form)}"


def _types_after_press(tx: Tx, field: DeskField, arg: str) -> list[str]:
    """Deleted types are dropped from the required ones."""
    living = picker.list_choices(tx, "types")
    pressed = picker.name_of_choice(living, arg)
    required = [name for _, name in living if name in field.required_on_close]
    if pressed in required:
        return [name for name in required if name != pressed]
    return [*required, pressed] if pressed is not None else required


def _numbers(tx: Tx) -> list[int]:
    """The ids of all fields, in order."""
    return [field.id for field in list_fields(tx)]


def _field_number(form: Form) -> int:
    """The id of the open field, or 0."""
    number = (*form.step.split("/"), "")[1]
    return int(number) if number.isdecimal() else 0


def _show(form: Form, step: str) -> None:
    """Opens that step on its first page."""
    form.step, form.values["first"] = step, 0


def _list(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, fields = manager.language, list_fields(tx)
    form.awaits = True
    choices = [(field.id, f"▫️ {field.name}") for field in fields]
    rows: ButtonRows = [
        *picker.keyboard(form, "show", choices, ()),
        [form.button(say("windows.menu", language), "menu")],
    ]
    lines = [f"▫️ {inline(field.name)} · {_describe_field(field, language)}" for field in fields]
    hint = say("own_fields.hint" if fields else "own_fields.none", language)
    return screen_with_title(say("windows.settings_fields", language), *lines, hint, rows=rows)


def _describe_field(field: DeskField, language: str) -> str:
    """Its kind, and the types that need it to be closed."""
    kind = say(f"own_fields.kind_{field.kind}", language)
    needed = ", ".join(map(inline, field.required_on_close))
    return f"{kind} · {say('own_fields.needed', language, types=needed)}" if needed else kind


def _wizard(form: Form, manager: Manager, step: str) -> Screen:
    """The kind by a tap, the choices by typed text. The field is created as soon as nothing is missing."""
    language, name = manager.language, inline(form.values["new"]["name"])
    form.awaits = True
    head = say("own_fields.new", language, name=name)
    if step == "choices":
        back = [form.button(say("windows.back", language), "kinds")]
        return screen_with_title(head, say("own_fields.ask_choices", language), rows=[back])
    kinds = [form.button(say(f"own_fields.kind_{kind}", language), "kind", kind) for kind in KINDS]
    rows = [*arrange_in_rows(kinds), [form.button(say("windows.back", language), "list")]]
    return screen_with_title(head, say("own_fields.ask_kind", language), rows=rows)


def _page(tx: Tx, form: Form, manager: Manager, field: DeskField) -> Screen:
    """What the field accepts, where it is required, and the buttons to change it."""
    language = manager.language
    lines = [say(f"own_fields.kind_{field.kind}", language)]
    lines += _choice_lines(field, language)
    asks = [name for name in _ASKED if name != "choices" or field.kind == "choice"]
    types = picker.keyboard(form, "type", picker.list_choices(tx, "types"), field.required_on_close)
    moves = [form.button(say(f"own_fields.{way}", language), way) for way in ("up", "down")]
    buttons = [form.button(say(f"own_fields.do_{name}", language), "ask", name) for name in asks]
    back = [form.button(say("windows.back", language), "list")]
    rows = [*types, moves, *arrange_in_rows(buttons), back]
    head = f"▫️ {inline(field.name)}"
    return screen_with_title(head, *lines, say("own_fields.required", language), rows=rows)


def _choice_lines(field: DeskField, language: str) -> list[str]:
    choices = ", ".join(map(inline, field.choices))
    return [say("own_fields.choices", language, choices=choices)] if choices else []


def _prompt(form: Form, manager: Manager, field: DeskField, asked: str) -> Screen:
    form.awaits = True
    language = manager.language
    lines = _choice_lines(field, language) if asked == "choices" else []
    back = [form.button(say("windows.back", language), "shown")]
    asks = say(f"own_fields.ask_{asked}", language)
    return screen_with_title(f"▫️ {inline(field.name)}", *lines, asks, rows=[back])


def _delete_question(tx: Tx, form: Form, manager: Manager, field: DeskField) -> Screen:
    """Says what will happen to existing values."""
    language = manager.language
    uses, more = count_uses(tx, field)
    sure = form.button(say("windows.delete_yes", language), "delete!")
    keep = form.button(say("windows.keep", language), "shown")
    head = say("own_fields.delete_ask", language, name=inline(field.name))
    if more:
        fate = say("own_fields.fate_many", language, most=uses)
    else:
        fate = say(f"own_fields.fate_{'some' if uses else 'none'}", language, count=uses)
    return screen_with_title(head, fate, rows=[[sure, keep]])
