"""Settings → People: who belongs to the desk, and their roles. People are added by a tap, a contact or a typed line."""

from typing import Any

from holdline.desk.people.customer_colleagues import open_with
from holdline.desk.people.leaving import dialogs_assigned_to
from holdline.desk.people.staff import change_manager, managers_page
from holdline.dialogs.decisions.staff import refuse_if_configured
from holdline.dialogs.manager import ROLES, Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.rights import Act
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import parse_number
from holdline.screens.forms import people_lines, people_search, picker
from holdline.screens.forms.add_people import add_from_question, ask_about, join_question_screen
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import STATE_ICONS, arrange_in_rows
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.people import customers, managers
from holdline.store.tx import Tx
from holdline.texts import say

ACT = Act.EDIT_PEOPLE
PAGES = {
    "people/join": join_question_screen,
    "people/newcomers": people_search.newcomers_screen,
    "people/found": people_search.search_results_screen,
}
LEAVES = "people/leave"
MOST_DIALOGS = 5


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """Every page takes typed text."""
    form.awaits = True
    person_id = _open_person_id(form)
    if form.step in PAGES:
        return PAGES[form.step](tx, form, manager)
    if form.step == LEAVES:
        return _leave_question(tx, form, manager)
    return _person(tx, form, manager, person_id) if person_id is not None else _everybody(tx, form, manager)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    person_id = _open_person_id(form)
    match action:
        case "person":
            form.step = f"people/{parse_number(arg)}"
        case "add":
            person = customers.by_telegram_id(tx, parse_number(arg))
            if person is None:
                raise NotFound("customer", arg)
            ask_about(tx, form, person.telegram_id, person.name)
        case "join" if arg in form.values.get("forwarded", {}):
            _join(tx, form, manager, form.values["forwarded"][arg])
        case "join" if form.step == "people/join":
            add_from_question(tx, form, manager, form.values["asked"])
        case "rename":
            _rename(tx, form, manager, parse_number(arg))
        case "leave" if form.step == LEAVES:
            _remove(tx, form, manager)
        case "role" if person_id is not None:
            _change_role(tx, manager, _load_person(tx, person_id), arg)
        case "active" if person_id is not None and arg == "0":
            _ask_to_leave(tx, form, _load_person(tx, person_id))
        case "active" if person_id is not None:
            _take_back(tx, form, manager, _load_person(tx, person_id))
        case "newcomers":
            form.step, form.values["first"] = "people/newcomers", 0
        case _:
            form.step, form.values["first"] = "people", 0


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    people_lines.process_lines(tx, form, manager, content)


def _change_role(tx: Tx, manager: Manager, person: Manager, role: str) -> None:
    if person.active:  # otherwise the window is outdated; the new one says that they left
        change_manager(tx, acting=manager, manager_id=person.id, changes={"role": role})


def _ask_to_leave(tx: Tx, form: Form, person: Manager) -> None:
    if person.active:
        refuse_if_configured(person, admins=tx.rules.admins)
        form.step, form.values["leaves"] = LEAVES, person.id


def _take_back(tx: Tx, form: Form, manager: Manager, person: Manager) -> None:
    """If the person is a customer with an open case by now, asks first, as for a new person."""
    if open_with(tx, person.telegram_id):
        ask_about(tx, form, person.telegram_id, person.name)
    else:
        change_manager(tx, acting=manager, manager_id=person.id, changes={"active": True})


def _join(tx: Tx, form: Form, manager: Manager, question: dict[str, Any]) -> None:
    """The answer to a question about a forwarded message. If the person became a customer since, asks first."""
    if open_with(tx, int(question["telegram_id"])):
        ask_about(tx, form, int(question["telegram_id"]), question["name"])
    else:
        add_from_question(tx, form, manager, question)


def _rename(tx: Tx, form: Form, manager: Manager, person_id: int) -> None:
    """Applies the name that was typed for an existing colleague."""
    form.step = f"people/{person_id}"
    name = form.values.get("renames", {}).pop(str(person_id), None)
    if name is not None:
        change_manager(tx, acting=manager, manager_id=person_id, changes={"name": name})


def _remove(tx: Tx, form: Form, manager: Manager) -> None:
    person_id = int(form.values["leaves"])
    change_manager(tx, acting=manager, manager_id=person_id, changes={"active": False})
    form.step = f"people/{person_id}"


def _load_person(tx: Tx, person_id: int) -> Manager:
    person = managers.by_id(tx, person_id)
    if person is None:
        raise NotFound("manager", person_id)
    return person


def _open_person_id(form: Form) -> int | None:
    """The id of the person whose page is open."""
    number = form.step.partition("/")[2]
    return int(number) if number.isdecimal() else None


def _everybody(tx: Tx, form: Form, manager: Manager) -> Screen:
    language = manager.language
    people = managers_page(tx, limit=picker.PEOPLE)
    choices = [(person.id, people_search.colleague_label(person, language)) for person in people]
    rows = [
        *picker.keyboard(form, "person", choices, ()),
        *people_search.newcomer_rows(tx, form, manager),
        [form.button(say("windows.menu", language), "menu")],
    ]
    return screen_with_title(
        say("windows.settings_people", language), say("windows.people_hint", language), rows=rows
    )


def _leave_question(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, person = manager.language, _load_person(tx, int(form.values["leaves"]))
    name, theirs = inline(person.name), dialogs_assigned_to(tx, person)
    count = [say("windows.leave_dialogs", language, count=len(theirs))] if theirs else []
    lines = [
        f"{STATE_ICONS[dialog.state]} #{dialog.id} {inline(dialog.title)}" for dialog in theirs[:MOST_DIALOGS]
    ]
    more = ["…"] if len(theirs) > MOST_DIALOGS else []
    rows = [
        [form.button(say("windows.leave_yes", language), "leave")],
        [form.button(say("windows.back", language), "person", person.id)],
    ]
    head = say("windows.leave_ask", language, name=name)
    return screen_with_title(
        head, *count, *lines, *more, say("windows.leave_means", language, name=name), rows=rows
    )


def _person(tx: Tx, form: Form, manager: Manager, person_id: int) -> Screen:
    language, person = manager.language, _load_person(tx, person_id)
    if not person.active:
        return _former(form, person, language)
    marks = [("· {} ·" if role == person.role else "{}") for role in ROLES]
    named = [
        mark.format(people_search.role_name(role, language)) for mark, role in zip(marks, ROLES, strict=True)
    ]
    buttons = [form.button(text, "role", role) for text, role in zip(named, ROLES, strict=True)]
    leave = form.button(say("windows.person_out", language), "active", 0)
    rows = [*arrange_in_rows(buttons), [leave], [form.button(say("windows.back", language), "list")]]
    role = people_search.role_name(person.role, language)
    line = say("windows.person_line", language, id=person.telegram_id, role=role)
    rename = say("windows.person_rename", language, id=person.telegram_id)
    return screen_with_title(person.name, line, rename, rows=rows)


def _former(form: Form, person: Manager, language: str) -> Screen:
    """Without roles to choose, because a role gives no rights to a person who left the desk."""
    back = form.button(say("windows.person_in", language), "active", 1)
    role = people_search.role_name(person.role, language)
    state = say("windows.person_left", language, id=person.telegram_id, role=role)
    rows = [[back], [form.button(say("windows.back", language), "list")]]
    return screen_with_title(f"🚫 {person.name}", state, rows=rows)
