"""One act on many dialogs: select some or all that match, choose the act, confirm; then a card shows the progress."""

from collections.abc import Callable
from typing import Any

from holdline.desk.dialogs.bulk import start_bulk
from holdline.desk.reading import reading
from holdline.dialogs.bulk import BulkStep
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.rights import Act, require_allowed
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import parse_number
from holdline.screens.dialogs import bulk_values
from holdline.screens.forms.form import (
    Form,
    FormKind,
    FormPosition,
    cancel_form,
    end_form,
    footer_rows,
    open_form,
)
from holdline.screens.keyboards import ButtonRows, arrange_in_rows
from holdline.screens.lists.lines import dialog_lines
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs.dialog_filter import DialogFilter
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "bulk"
PAGE = 8
_LISTS: dict[str, Callable[[Manager], DialogFilter]] = {
    "active": lambda _: DialogFilter(state="active"),
    "mine": lambda manager: DialogFilter(assignee_telegram_id=manager.telegram_id),
    "paused": lambda _: DialogFilter(state="paused"),
}


def begin(tx: Tx, manager: Manager, *, spot: FormPosition) -> Form:
    require_allowed(manager, Act.WORK_IN_BULK)
    values: dict[str, Any] = {"list": "active", "ticked": [], "after": None}
    return open_form(tx, manager, FormKind(KIND), spot=spot, values=values)


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, values = manager.language, form.values
    if form.step == "main":
        return _list_screen(tx, form, manager)
    whom = _selection_text(form, language)
    if form.step == "do":
        acts = [form.button(say(f"bulk.do_{name}", language), "do", name) for name in bulk_values.STEPS]
        rows = [*arrange_in_rows(acts), *footer_rows(form, manager, back=True)]
        return screen_with_title(say("bulk.what", language), whom, rows=rows)
    if form.step == "value":
        rows = [
            *bulk_values.choice_rows(tx, form, values["do"], language=language),
            *footer_rows(form, manager, back=True),
        ]
        return screen_with_title(say(f"bulk.do_{values['do']}", language), whom, rows=rows)
    act = say(f"bulk.do_{values['do']}", language)
    shown = bulk_values.value_text(tx, values["do"], values["value"], language=language)
    rows = [[form.button(say("bulk.start", language), "start")], *footer_rows(form, manager, back=True)]
    return screen_with_title(say("bulk.sure", language), whom, f"{act}{shown and ': '}{shown}", rows=rows)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    match action:
        case "cancel":
            return cancel_form(form, manager)
        case "start" if form.step == "sure":
            return _start(tx, form, manager)
        case "list" if arg in _LISTS:
            form.values |= {"list": arg, "after": None, "ticked": [], "all": False}
        case "tick":
            form.values["all"] = False
            form.toggle("ticked", parse_number(arg))
        case "all":
            form.values["all"] = not form.values.get("all")
        case "page":
            form.values["after"] = parse_number(arg) or None
        case "next" if form.values["ticked"] or form.values.get("all"):
            form.step = "do"
        case "do" if arg in bulk_values.STEPS:
            form.values |= {"do": arg, "value": None, "first": 0}
            form.step = "value" if bulk_values.needs_value(arg) else "sure"
        case "value":
            _choose(tx, form, arg)
        case _:
            form.step = _BEFORE.get(form.step, "main")
    return screen(tx, form, manager)


_BEFORE = {"value": "do", "sure": "do"}


def handle_text(tx: Tx, form: Form, manager: Manager, content: object) -> Screen:
    """This form takes no typed text."""
    raise BadInput("text", "bulk.only_buttons")


def _choose(tx: Tx, form: Form, arg: str) -> None:
    try:
        form.values["value"] = bulk_values.choose(tx, form.values["do"], arg)
    except LookupError as gone:
        raise NotFound("button", arg) from gone
    form.step = "sure"


def _list_screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, values = manager.language, form.values
    narrowed, ticked = _LISTS[values["list"]](manager), values["ticked"]
    found = reading.dialog_page(tx, narrowed=narrowed, order="newest", after=values["after"], limit=PAGE + 1)
    page = found[:PAGE]
    marks = [
        form.button(f"{'☑️' if values.get('all') or d.id in ticked else '⬜️'} #{d.id}", "tick", d.id)
        for d in page
    ]
    lists = [
        form.button(
            f"{'• ' if name == values['list'] else ''}{say(f'bulk.list_{name}', language)}", "list", name
        )
        for name in _LISTS
    ]
    rows: ButtonRows = [lists, *arrange_in_rows(marks, 4)]
    turn = [form.button("⏮", "page", 0)] if values["after"] else []
    if len(found) > PAGE:
        turn.append(form.button("▶", "page", page[-1].id))
    rows += [turn] if turn else []
    if page:
        box = "☑️" if values.get("all") else "⬜️"
        rows.append([form.button(f"{box} {say('bulk.all', language)}", "all")])
    if ticked or values.get("all"):
        rows.append([form.button(say("bulk.next", language), "next")])
    lines = dialog_lines(tx, page, manager) or [say("windows.list_nothing", language)]
    return screen_with_title(say("bulk.head", language), *lines, rows=[*rows, *footer_rows(form, manager)])


def _selection_text(form: Form, language: str) -> str:
    if form.values.get("all"):
        return say("bulk.whom_all", language, list=say(f"bulk.list_{form.values['list']}", language))
    return ", ".join(f"#{dialog_id}" for dialog_id in form.values["ticked"])


def _start(tx: Tx, form: Form, manager: Manager) -> Screen:
    values = form.values
    step = BulkStep(values["do"], values["value"] if bulk_values.needs_value(values["do"]) else {})
    narrowed = _LISTS[values["list"]](manager) if values.get("all") else None
    job = start_bulk(
        tx,
        manager=manager,
        step=step,
        dialog_ids=None if narrowed else values["ticked"],
        narrowed=narrowed,
        shown_in=(form.chat_id, form.thread_id),
    )
    return end_form(form, inline(say("bulk.started", manager.language, count=job.total)))
