"""The acts that can be done on many dialogs at once from Telegram, and the values to choose from."""

from typing import Any

from holdline.screens.dialogs import card_values
from holdline.screens.forms import picker
from holdline.screens.forms.form import Form
from holdline.screens.forms.timing.postpone_form import PRESETS
from holdline.screens.keyboards import ButtonRows
from holdline.store.tx import Tx
from holdline.texts import say

STEPS = ("assign", "stage", "queue", "priority", "add_tags", "remove_tags", "postpone", "close")
_TAGS = ("add_tags", "remove_tags")


def needs_value(step: str) -> bool:
    return step != "close"


def choice_rows(tx: Tx, form: Form, step: str, *, language: str) -> ButtonRows:
    """One button per value."""
    named = [(number, value_text(tx, step, value, language=language)) for number, value in choices(tx, step)]
    return picker.keyboard(form, "value", named, ())


def choose(tx: Tx, step: str, arg: str) -> Any:
    """The value of a pressed button. Raises LookupError if it no longer exists."""
    for number, value in choices(tx, step):
        if str(number) == arg:
            return value
    raise LookupError(arg)


def value_text(tx: Tx, step: str, value: Any, *, language: str) -> str:
    """The value for display."""
    if not needs_value(step):
        return ""
    if step in _TAGS:
        return ", ".join(value)
    if step == "postpone":
        name = next(name for name, shift in _shifts() if shift == value)
        return say(f"time.preset_{name}", language)
    if step == "assign":
        people = {person.telegram_id: person.name for person in picker.active_managers(tx)}
        return people.get(value, "?")
    return card_values.value_text(step, value, language)


def choices(tx: Tx, step: str) -> list[tuple[int, Any]]:
    """The number on the button, and the value."""
    if step in _TAGS:
        return [(number, [name]) for number, name in picker.list_choices(tx, "tags")]
    if step == "postpone":
        return [(number, shift) for number, (_, shift) in enumerate(_shifts())]
    if step == "assign":
        return [(person.telegram_id, person.telegram_id) for person in picker.active_managers(tx)]
    return card_values.choices(tx, step)


def _shifts() -> list[tuple[str, dict[str, int]]]:
    """The presets of ⏰ Postpone, in the form of the API."""
    return [(name, {shift.unit: shift.number}) for name, shift in PRESETS.items()]
