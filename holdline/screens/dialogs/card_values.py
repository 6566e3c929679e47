"""The fields of a dialog that a window can change, including desk fields: captions, choices and values."""

from typing import Any

from holdline.dialogs.decisions.desk_fields import DeskField, parse_value
from holdline.dialogs.dialog import CARD_FIELDS, CLOSED_STAGE, PRIORITIES, Dialog
from holdline.dialogs.text.splitting import inline, truncate
from holdline.dialogs.text.value_words import own_value_words, priority_words
from holdline.screens.forms import picker
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ButtonRows
from holdline.screens.render.cards import stage_name
from holdline.store.dialogs import desk_fields, sla_policies
from holdline.store.tx import Tx
from holdline.texts import say

MORE = ("stage", "priority", "queue", "root_causes", "description", "sla_policy")
"""Fields without a button of their own on the card."""
EDITED = (*CARD_FIELDS, *MORE)
_OWN = "own"
_LONG = 300
_LISTS = {"type": "types", "stage": "stages", "queue": "queues"}
_WRITTEN = ("title", "description")
_CHOSEN = (*_LISTS, "priority", "sla_policy")
_OPTIONAL = ("queue", "sla_policy")
SINGLE = (*_WRITTEN, *_CHOSEN)
NONE = "none"
"""The choice that clears a value."""


def key_of(field: DeskField) -> str:
    """The key of a desk field in a form. It does not depend on the field's name."""
    return f"{_OWN}{field.id}"


def editable_fields(tx: Tx) -> list[str]:
    """Desk fields come last. The SLA policy is left out if the desk has none."""
    hidden = () if sla_policies.all_policies(tx) else ("sla_policy",)
    known = [name for name in EDITED if name not in hidden]
    return [*known, *map(key_of, desk_fields.all_fields(tx))]


def own_field(tx: Tx, key: str) -> DeskField | None:
    """The desk field with that key, or None if there is none or it was deleted."""
    return next((field for field in desk_fields.all_fields(tx) if key_of(field) == key), None)


def is_single(key: str) -> bool:
    """Whether the field has at most one value."""
    return key in SINGLE or key.startswith(_OWN)


def is_written(tx: Tx, key: str) -> bool:
    """Whether the value is typed; otherwise it is chosen by buttons."""
    own = own_field(tx, key)
    return own.kind in ("text", "number", "date") if own is not None else key in _WRITTEN


def value_of(tx: Tx, dialog: Dialog, key: str) -> Any:
    """The current value of a single-value field."""
    own = own_field(tx, key)
    if own is not None:
        return dialog.fields.get(own.name)
    return None if key.startswith(_OWN) else getattr(dialog, key)


def read_value(tx: Tx, key: str, text: str) -> Any:
    """The typed value as it would be stored. BadInput says what to write instead."""
    own = own_field(tx, key)
    return parse_value(own, text) if own is not None else text.strip()


def caption_of(tx: Tx, key: str, language: str) -> str:
    """The caption of the button that asks for the field."""
    own = own_field(tx, key)
    return f"▫️ {own.name}" if own is not None else say(f"windows.field_{key}", language)


def question_of(tx: Tx, key: str, language: str, **words: object) -> str:
    own = own_field(tx, key)
    if own is None:
        return say(f"windows.card_{key}", language, **words)
    return say(f"windows.card_own_{own.kind}", language, name=inline(own.name))


def line_of(tx: Tx, key: str, value: Any, language: str) -> str:
    """The field with its value."""
    own = own_field(tx, key)
    text = value_text(key, value, language)
    return (
        f"▫️ {inline(own.name)}: {text}"
        if own is not None
        else say(f"windows.line_{key}", language, value=text)
    )


def value_text(key: str, value: Any, language: str) -> str:
    """The value for display."""
    if value is None or value == "":
        return "—"
    names = {"stage": stage_name, "priority": priority_words}
    said = names.get(key, own_value_words)(value, language)
    return inline(truncate(said, _LONG))


def choice_rows(tx: Tx, form: Form, key: str, chosen: Any, *, language: str) -> ButtonRows:
    """One button per value. If there is no value yet, none is ticked."""
    named = [(number, value_text(key, value, language)) for number, value in choices(tx, key)]
    ticked = {value_text(key, chosen, language)} if chosen is not None else set()
    rows = picker.keyboard(form, key, named, ticked)
    if chosen is not None and (key in _OPTIONAL or key.startswith(_OWN)):
        rows.append([form.button(say("windows.no_value", language), key, NONE)])
    return rows


def choose(tx: Tx, key: str, arg: str) -> Any:
    """The value of a pressed button. Raises LookupError if it no longer exists."""
    if arg == NONE:
        return None
    for number, value in choices(tx, key):
        if str(number) == arg:
            return value
    raise LookupError(arg)


def choices(tx: Tx, key: str) -> list[tuple[int, Any]]:
    """For a field chosen by buttons: the number on the button, and the value."""
    own = own_field(tx, key)
    if own is not None:
        values = own.choices if own.kind == "choice" else (True, False) if own.kind == "yes_no" else ()
        return list(enumerate(values))
    if key == "priority":
        return list(enumerate(PRIORITIES))
    if key == "sla_policy":
        return [(policy.id, policy.name) for policy in sla_policies.all_policies(tx)]
    named = picker.list_choices(tx, _LISTS[key]) if key in _LISTS else ()
    return [(number, name) for number, name in named if key != "stage" or name != CLOSED_STAGE]
