"""Settings → Calendars and SLA policies: each on one line, added by typing it, deleted by a button."""

from collections.abc import Callable
from typing import Any

from holdline.desk.settings import calendars, sla_policies
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rights import Act
from holdline.dialogs.sla.typed import calendar_line, policy_line, read_calendar_line, read_policy_line
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import parse_number
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import Button, ButtonRows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

ACT = Act.EDIT_DESK


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """Deleting asks once more."""
    kind, _, chosen = form.step.partition("/")
    language = manager.language
    lines = _lines(tx, kind)
    head = say(f"windows.settings_{kind}", language)
    if chosen and int(chosen) in lines:
        sure = form.button(say("windows.delete_yes", language), "delete!", chosen)
        keep = form.button(say("windows.keep", language), "keep")
        name = lines[int(chosen)].partition(";")[0]
        return screen_with_title(head, say("windows.delete_ask", language, name=name), rows=[[sure, keep]])
    shown = [f"• {inline(line)}" for line in lines.values()]
    rows: ButtonRows = [
        [
            form.button(f"🗑 {line.partition(';')[0]}", "delete", number),
            *_away_button(tx, form, language, number, line),
        ]
        for number, line in lines.items()
    ]
    form.awaits = True
    rows.append([form.button(say("windows.menu", language), "menu")])
    return screen_with_title(head, *shown, say(f"time.{kind}_hint", language), rows=rows)


def _away_button(tx: Tx, form: Form, language: str, number: int, line: str) -> list[Button]:
    if not form.step.startswith("calendars"):
        return []
    state = "on" if calendars.away_calendar_id(tx) == number else "off"
    return [form.button(say(f"time.away_{state}", language, name=line.partition(";")[0]), "away", number)]


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    kind = form.step.partition("/")[0]
    form.step = kind
    if action == "delete":
        form.step = f"{kind}/{parse_number(arg)}"
    elif action == "away" and kind == "calendars":
        calendars.switch_away_message(tx, manager=manager, calendar_id=parse_number(arg))
    elif action == "delete!" and kind == "calendars":
        calendars.remove_calendar(tx, manager=manager, calendar_id=parse_number(arg))
    elif action == "delete!":
        sla_policies.remove_policy(tx, manager=manager, policy_id=parse_number(arg))


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    form.step = form.step.partition("/")[0]
    _ADD[form.step](tx, manager=manager, values=_READ[form.step](content.text))


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
