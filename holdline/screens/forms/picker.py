"""Choosing from the desk's lists and people: one keyboard for single and multiple choice."""

from collections.abc import Collection, Sequence

from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act, is_allowed
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ButtonRows, arrange_in_rows, callback_button
from holdline.store.dialogs import lists
from holdline.store.people import managers
from holdline.store.tx import Tx
from holdline.texts import say

PAGE = 20
PEOPLE = 500
Choices = Sequence[tuple[int, str]]


def list_choices(tx: Tx, kind: str) -> Choices:
    """(id, name) of the values that are not deleted."""
    return [(row["id"], row["name"]) for row in lists.of_kind(tx, kind)]


def active_managers(tx: Tx) -> list[Manager]:
    return managers.page(tx, limit=PEOPLE, active_only=True)


def name_of_choice(choices: Choices, key: str) -> str | None:
    """The name behind a pressed button, or None if the value was deleted in the meantime."""
    return next((name for value, name in choices if str(value) == key), None)


def empty_list_text(manager: Manager, kind: str) -> str:
    """The text for an empty list. Only managers who may not add values are told to ask an administrator."""
    name = "none" if is_allowed(manager, Act.EDIT_DESK) else "no"
    return say(f"windows.{name}_{kind}", manager.language)


def add_value_rows(tx: Tx, manager: Manager, kind: str) -> ButtonRows:
    """➕ for managers who may add values to the empty list."""
    if list_choices(tx, kind) or not is_allowed(manager, Act.EDIT_DESK):
        return []
    return [[callback_button(say(f"windows.add_{kind}", manager.language), DeskVerb.OPEN_SETTINGS, kind)]]


def keyboard(form: Form, action: str, choices: Choices, chosen: Collection[str]) -> ButtonRows:
    """`chosen` are names. Pages are turned by `page:<first>`."""
    first = min(int(form.values.get("first", 0)), max(0, len(choices) - 1))
    page = choices[first : first + PAGE]
    buttons = [form.button(("✅ " if name in chosen else "") + name, action, value) for value, name in page]
    turn = []
    if first:
        turn.append(form.button("◀", "page", max(0, first - PAGE)))
    if first + PAGE < len(choices):
        turn.append(form.button("▶", "page", first + PAGE))
    return [*arrange_in_rows(buttons), *([turn] if turn else [])]
