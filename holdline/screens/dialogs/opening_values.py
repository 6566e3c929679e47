"""The initial values of a new dialog on the wizard's last page.

Description, priority and policy are optional and have buttons there.
"""

from typing import Any

from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.screens.dialogs import card_values
from holdline.screens.forms import picker
from holdline.screens.forms.form import Form, footer_rows
from holdline.screens.keyboards import ButtonRows, arrange_in_rows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs import sla_policies
from holdline.store.tx import Tx
from holdline.texts import say

MANY = ("reasons", "components")
ACTION = "value"
LAST_PAGE = "confirm"
_ASKED = ("description", "priority", "sla_policy")


def value_rows(tx: Tx, form: Form, language: str) -> ButtonRows:
    """The SLA policy is left out if the desk has none."""
    names = _ASKED if sla_policies.all_policies(tx) else _ASKED[:-1]
    captions = ((card_values.caption_of(tx, name, language), name) for name in names)
    return arrange_in_rows([form.button(caption, ACTION, name) for caption, name in captions])


def summary_lines(tx: Tx, form: Form, manager: Manager, *, everything: bool) -> list[str]:
    values, language = form.values, manager.language
    lines = [say("windows.line_title", language, value=values["title"] or "—")]
    if everything:
        lines += [
            say("windows.line_type", language, value=values["type"] or "—"),
            say("windows.line_people", language, count=len(values["participants"])),
        ]
        lines += [
            say(f"windows.line_{name}", language, value=", ".join(values[name]))
            for name in MANY
            if values[name]
        ]
        lines += _value_lines(tx, form, language)
    return lines


def _value_lines(tx: Tx, form: Form, language: str) -> list[str]:
    """The optional values that were set."""
    values = {name: value for name in _ASKED if (value := form.values.get(name))}
    return [card_values.line_of(tx, name, value, language) for name, value in values.items()]


def is_asking(form: Form) -> bool:
    return form.step in _ASKED


def ask(form: Form, name: str) -> None:
    """Opens the question for that value. An unknown name changes nothing."""
    if name in _ASKED:
        form.step, form.awaits, form.values["first"] = name, name == "description", 0
        form.values.pop("asks_for", None)


def screen(tx: Tx, form: Form, manager: Manager, *, head: str) -> Screen:
    """The question for one value. ◀ leaves it open."""
    language, name = manager.language, form.step
    problem = form.values.pop("problem", None)
    lines = [say(f"windows.card_{name}", language), *([f"⚠️ {problem}"] if problem else [])]
    rows: ButtonRows = []
    if name != "description":
        rows = card_values.choice_rows(tx, form, name, form.values.get(name), language=language)
    return screen_with_title(head, *lines, rows=[*rows, *footer_rows(form, manager, back=True)])


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    """Returns to the last page after a choice and after every other press that is not a page turn."""
    form.awaits = False
    if action == form.step:
        try:
            form.values[action] = card_values.choose(tx, action, arg)
        except LookupError:
            form.values["problem"] = say("windows.value_gone", manager.language)
            return
    form.step = LAST_PAGE


def take_text(form: Form, content: Content) -> None:
    """The description. Values chosen by buttons cannot be typed."""
    if form.step == "description":
        form.values["description"] = content.text.strip()
        form.step, form.awaits = LAST_PAGE, False


def prune_gone(tx: Tx, form: Form, language: str) -> bool:
    """Removes people who left and values that were deleted since they were chosen. Returns whether any were removed."""
    there: dict[str, set[object]] = {
        "participants": {person.telegram_id for person in picker.active_managers(tx)}
    }
    there |= {kind: {name for _, name in picker.list_choices(tx, kind)} for kind in MANY}
    before = {field: form.values[field] for field in there}
    form.values |= {
        field: [value for value in chosen if value in there[field]] for field, chosen in before.items()
    }
    has_changed = any(form.values[field] != chosen for field, chosen in before.items())
    has_changed |= _drop_gone(tx, form)
    if has_changed:
        form.values["problem"] = say("windows.values_gone", language)
    return has_changed


def _drop_gone(tx: Tx, form: Form) -> bool:
    """Removes the chosen policy if it was deleted. Returns whether it was."""
    chosen = form.values.get("sla_policy")
    is_gone = chosen is not None and chosen not in [policy.name for policy in sla_policies.all_policies(tx)]
    if is_gone:
        form.values["sla_policy"] = None
    return is_gone


def values_of(form: Form) -> dict[str, Any]:
    """The chosen values, without the description."""
    return {name: value for name in _ASKED[1:] if (value := form.values.get(name))}
