"""Settings → Types, Reasons, Components…: a typed line adds a value, a button deletes one (L-13, L-16, L-19)."""

from holdline.desk.settings.lists import add_to_list, remove_from_list
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rights import Act
from holdline.dialogs.text.value_words import stage_words
from holdline.dialogs.verbs import parse_number
from holdline.screens.forms import picker
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ButtonRows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

ACT = Act.EDIT_DESK


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """Each value is a delete button. Deleting asks for confirmation."""
    kind, _, value_to_delete = form.step.partition("/")
    language = manager.language
    choices = picker.list_choices(tx, kind)
    if kind == "stages":
        choices = [(value, stage_words(name, language)) for value, name in choices]
    head = say(f"windows.settings_{kind}", language)
    name = picker.name_of_choice(choices, value_to_delete) if value_to_delete else None
    if name is not None:
        sure = form.button(say("windows.delete_yes", language), "delete!", value_to_delete)
        keep = form.button(say("windows.keep", language), "keep")
        return screen_with_title(head, say("windows.delete_ask", language, name=name), rows=[[sure, keep]])
    hint = say("windows.list_hint" if choices else "windows.list_empty", language)
    values = picker.keyboard(form, "delete", [(i, f"🗑 {text}") for i, text in choices], ())
    rows: ButtonRows = [*values, [form.button(say("windows.menu", language), "menu")]]
    form.awaits = True
    return screen_with_title(head, hint, rows=rows)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    kind = form.step.partition("/")[0]
    form.step = kind
    if action == "delete":
        form.step = f"{kind}/{parse_number(arg)}"
    elif action == "delete!":
        remove_from_list(tx, manager=manager, kind=kind, list_id=parse_number(arg))


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    kind = form.step.partition("/")[0]
    add_to_list(tx, manager=manager, kind=kind, name=content.text)
