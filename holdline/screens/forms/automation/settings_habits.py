"""Settings → By itself: what happens in every dialog automatically."""

from dataclasses import replace
from typing import Any

from holdline.desk.automation.habits import change_habits, habits_of
from holdline.dialogs.automation.habits import Habits, valid_habits
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.rights import Act
from holdline.screens.forms.automation.lengths import length_text
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import arrange_in_rows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

ACT = Act.EDIT_DESK
_FIELDS = {"close": "close_after", "warn": "warn_before", "held": "alarm_held_after"}
_MAY_BE_NEVER = ("close", "held")
_LENGTHS = {
    "close": ("12h", "1d", "2d", "3d", "5d", "7d", "14d", "30d"),
    "warn": ("1h", "4h", "12h", "1d", "2d"),
    "held": ("12h", "1d", "2d", "3d", "7d", "14d", "30d"),
}


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """`step` is habits, habits/close, habits/warn or habits/held."""
    asked = form.step.partition("/")[2]
    habits = habits_of(tx)
    return _lengths(form, manager, habits, asked) if asked else _switches(form, manager, habits)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    asked = form.step.partition("/")[2]
    if action == "pause":
        now = habits_of(tx).answer_ends_pause
        change_habits(tx, manager=manager, changes={"answer_ends_pause": not now})
    elif action in _FIELDS:
        form.step = f"habits/{action}"
    elif action == "set" and arg in _LENGTHS.get(asked, ()):
        _set(tx, form, manager, arg)
    elif action == "never" and asked in _MAY_BE_NEVER:
        _set(tx, form, manager, None)
    else:
        form.step = "habits"


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    """A typed duration."""
    if form.step.partition("/")[2]:
        _set(tx, form, manager, content.text.strip())


def _set(tx: Tx, form: Form, manager: Manager, length: str | None) -> None:
    """Returns to the list only if the value was accepted."""
    changes: dict[str, Any] = {_FIELDS[form.step.partition("/")[2]]: length}
    change_habits(tx, manager=manager, changes=changes)
    form.step = "habits"


def _switches(form: Form, manager: Manager, habits: Habits) -> Screen:
    language = manager.language
    state = "on" if habits.answer_ends_pause else "off"
    closes = (
        say("habits.close_on", language, length=length_text(habits.close_after, language))
        if habits.close_after is not None
        else say("habits.close_off", language)
    )
    warns = say("habits.warn_at", language, length=length_text(habits.warn_before, language))
    alarms = (
        say("habits.held_on", language, length=length_text(habits.alarm_held_after, language))
        if habits.alarm_held_after is not None
        else say("habits.held_off", language)
    )
    rows = [
        [form.button(say(f"habits.pause_{state}", language), "pause")],
        [form.button(closes, "close")],
        [form.button(warns, "warn")],
        [form.button(alarms, "held")],
        [form.button(say("windows.menu", language), "menu")],
    ]
    lines = [
        say("habits.pause_hint", language),
        "",
        say("habits.close_hint", language),
        "",
        say("habits.held_hint", language),
    ]
    return screen_with_title(say("windows.settings_habits", language), *lines, rows=rows)


def _lengths(form: Form, manager: Manager, habits: Habits, asked: str) -> Screen:
    language, now = manager.language, getattr(habits, _FIELDS[asked])
    form.awaits = True
    buttons = [
        form.button(("✅ " if each == now else "") + length_text(each, language), "set", each)
        for each in _LENGTHS[asked]
        if _fits(habits, {_FIELDS[asked]: each})
    ]
    never = [[form.button(say("habits.never", language), "never")]] if asked in _MAY_BE_NEVER else []
    back = [form.button(say("windows.back", language), "list")]
    head, ask = say("windows.settings_habits", language), say(f"habits.ask_{asked}", language)
    return screen_with_title(head, ask, rows=[*arrange_in_rows(buttons, 4), *never, back])


def _fits(habits: Habits, changes: dict[str, Any]) -> bool:
    """Whether the value would be accepted: a warning must come before the close. Only such values get a button."""
    try:
        valid_habits(replace(habits, **changes))
    except BadInput:
        return False
    return True
