"""Settings → Calendars and SLA policies: each is one line, added and changed by typing it, deleted by a button."""

from collections.abc import Callable
from typing import Any

from holdline.desk.settings import calendars, sla_policies
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rights import Act
from holdline.dialogs.sla.clock import TARGETS
from holdline.dialogs.sla.typed import calendar_line, policy_line, read_calendar_line, read_policy_line
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import parse_number
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ButtonRows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

ACT = Act.EDIT_DESK


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """Deleting asks for confirmation. A change asks for the whole line again."""
    kind, _, asked = form.step.partition("/")
    what, _, number = asked.partition("/")
    lines = _lines(tx, kind)
    if number and int(number) in lines:
        return _ASKS[what](form, manager.language, kind, int(number), lines[int(number)])
    return _list(tx, form, manager.language, lines)


def _list(tx: Tx, form: Form, language: str, lines: dict[int, str]) -> Screen:
    kind = form.step = form.step.partition("/")[0]
    shown = [f"• {inline(line)}" for line in lines.values()]
    rows: ButtonRows = [
        row for number, line in lines.items() for row in _buttons(tx, form, language, number, line)
    ]
    form.awaits = True
    rows.append([form.button(say("windows.menu", language), "menu")])
    head = say(f"windows.settings_{kind}", language)
    return screen_with_title(head, *shown, say(f"time.{kind}_hint", language), rows=rows)


def _ask_to_delete(form: Form, language: str, kind: str, number: int, line: str) -> Screen:
    sure = form.button(say("windows.delete_yes", language), "delete!", number)
    keep = form.button(say("windows.keep", language), "keep")
    ask = say(f"time.delete_{kind}", language, name=inline(_name(line)))
    return screen_with_title(say(f"windows.settings_{kind}", language), ask, rows=[[sure, keep]])


def _ask_for_line(form: Form, language: str, kind: str, number: int, line: str) -> Screen:
    form.awaits = True
    head, ask = say(f"windows.settings_{kind}", language), say("time.ask_line", language)
    back = form.button(say("windows.back", language), "keep")
    return screen_with_title(head, ask, inline(line), rows=[[back]])


def _name(line: str) -> str:
    return line.partition(";")[0]


def _buttons(tx: Tx, form: Form, language: str, number: int, line: str) -> ButtonRows:
    """A calendar can switch the away message on. A policy can be moved up."""
    row = [
        form.button(f"✏️ {_name(line)}", "edit", number),
        form.button(f"🗑 {_name(line)}", "delete", number),
    ]
    if form.step == "sla":
        return [[*row, form.button("⬆️", "up", number)]]
    state = "on" if calendars.away_calendar_id(tx) == number else "off"
    away = form.button(say(f"time.away_{state}", language, name=_name(line)), "away", number)
    return [row, [away]]


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    kind = form.step.partition("/")[0]
    form.step = kind
    if action in _ASKS:
        form.step = f"{kind}/{action}/{parse_number(arg)}"
    elif action == "away" and kind == "calendars":
        calendars.switch_away_message(tx, manager=manager, calendar_id=parse_number(arg))
    elif action == "up" and kind == "sla":
        sla_policies.move_policy_up(tx, manager=manager, policy_id=parse_number(arg))
    elif action == "delete!" and kind == "calendars":
        calendars.remove_calendar(tx, manager=manager, calendar_id=parse_number(arg))
    elif action == "delete!":
        sla_policies.remove_policy(tx, manager=manager, policy_id=parse_number(arg))


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    """Adds a new line, or replaces the one being changed. Returns to the list only if the line was accepted."""
    kind, _, asked = form.step.partition("/")
    what, _, number = asked.partition("/")
    values = _READ[kind](content.text)
    if what == "edit":
        _CHANGE[kind](tx, manager, int(number), values)
    else:
        _ADD[kind](tx, manager=manager, values=values)
    form.step = kind


def _change_calendar(tx: Tx, manager: Manager, number: int, values: dict[str, Any]) -> None:
    calendars.change_calendar(tx, manager=manager, calendar_id=number, values=values)


def _change_policy(tx: Tx, manager: Manager, number: int, values: dict[str, Any]) -> None:
    """Targets missing from the new line are removed. The policy keeps its position."""
    unnamed = dict.fromkeys((*TARGETS, "calendar"))
    sla_policies.change_policy(tx, manager=manager, policy_id=number, values={**unnamed, **values})


def _lines(tx: Tx, kind: str) -> dict[int, str]:
    if kind == "calendars":
        return {each.id: calendar_line(each) for each in calendars.list_calendars(tx)}
    return {each.id: policy_line(each) for each in sla_policies.list_policies(tx)}


_ADD: dict[str, Callable[..., Any]] = {
    "calendars": calendars.add_calendar,
    "sla": sla_policies.add_policy,
}
_READ: dict[str, Callable[[str], dict[str, Any]]] = {
    "calendars": read_calendar_line,
    "sla": read_policy_line,
}
_CHANGE: dict[str, Callable[[Tx, Manager, int, dict[str, Any]], None]] = {
    "calendars": _change_calendar,
    "sla": _change_policy,
}
_ASKS: dict[str, Callable[[Form, str, str, int, str], Screen]] = {
    "delete": _ask_to_delete,
    "edit": _ask_for_line,
}
