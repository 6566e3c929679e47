"""Desk fields that a dialog of its type needs to be closed: the close form asks for the missing ones."""

from dataclasses import replace
from typing import Any

from holdline.desk.dialogs.changes import change_dialog
from holdline.dialogs.decisions.desk_fields import fields_to_fill_in
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput
from holdline.screens.dialogs import card_values
from holdline.screens.forms.form import Form, footer_rows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs import desk_fields, dialogs
from holdline.store.tx import Tx
from holdline.texts import say


def ask_for_missing(tx: Tx, form: Form) -> bool:
    """Whether the form asks for another field now. Values already given in the form count."""
    dialog = dialogs.by_id(tx, form.values["dialog_id"])
    known = {**dialog.fields, **_values_by_name(tx, form)}
    missing = fields_to_fill_in(desk_fields.all_fields(tx), replace(dialog, fields=known))
    if not missing:
        return False
    form.step = card_values.key_of(missing[0])
    form.awaits = card_values.is_written(tx, form.step)
    return True


def question_screen(tx: Tx, form: Form, manager: Manager, *, head: str) -> Screen:
    """Below the form's header: the field, its buttons, and what was wrong with the previous answer."""
    language, problem = manager.language, form.values.pop("problem", None)
    needed = say("windows.close_needs", language)
    asks = card_values.question_of(tx, form.step, language)
    rows = card_values.choice_rows(tx, form, form.step, None, language=language)
    warning = [f"⚠️ {problem}"] if problem else []
    return screen_with_title(
        head, needed, asks, *warning, rows=[*rows, *footer_rows(form, manager, back=True)]
    )


def take_choice(tx: Tx, form: Form, manager: Manager, *, key: str, arg: str) -> None:
    try:
        _take(tx, form, key, card_values.choose(tx, key, arg))
    except LookupError:
        form.values["problem"] = say("windows.value_gone", manager.language)


def take_text(tx: Tx, form: Form, manager: Manager, *, text: str) -> None:
    try:
        _take(tx, form, form.step, card_values.read_value(tx, form.step, text))
    except BadInput as refused:
        form.values["problem"] = refused.remedy(manager.language)


def value_lines(tx: Tx, form: Form, language: str) -> list[str]:
    """The values given so far, for the main page."""
    given = form.values.get("fields", {})
    return [
        card_values.line_of(tx, key, value, language)
        for key, value in given.items()
        if card_values.own_field(tx, key) is not None
    ]


def save_fields(tx: Tx, form: Form, manager: Manager) -> None:
    """Called before the close, in the same unit of work, because the close checks the stored values."""
    if values := _values_by_name(tx, form):
        change_dialog(tx, manager=manager, dialog_id=form.values["dialog_id"], changes={"fields": values})


def _take(tx: Tx, form: Form, key: str, value: Any) -> None:
    """Stores the value, then asks for the next missing field or returns to the main page."""
    form.values["fields"] = {**form.values.get("fields", {}), key: value}
    if not ask_for_missing(tx, form):
        form.step, form.awaits = "main", False


def _values_by_name(tx: Tx, form: Form) -> dict[str, Any]:
    given = form.values.get("fields", {})
    fields = {key: card_values.own_field(tx, key) for key in given}
    return {field.name: given[key] for key, field in fields.items() if field is not None}
