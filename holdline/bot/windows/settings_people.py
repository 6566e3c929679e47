"""Settings → People: who belongs to the desk and as what; somebody new is added by a typed line."""

from datetime import timedelta

from holdline.bot.keyboards import in_rows
from holdline.bot.windows import picker
from holdline.bot.windows.form import Form, number
from holdline.bot.windows.welcome import welcome
from holdline.bot.windows.window import Window, titled
from holdline.desk.answers import Answer, answer
from holdline.desk.inbox_items import ignore_item
from holdline.desk.staff import add_manager, change_manager, managers_page
from holdline.dialogs.manager import ROLES, Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.store import customers, inbox_items, managers
from holdline.store.tx import Tx
from holdline.texts import say

PERMISSION = "managers.edit"
NEW_ROLE = "agent"
OFFERED_FOR = timedelta(days=2)
LATELY = 5
"""How many of those who wrote /start lately are offered as colleagues."""


def window(tx: Tx, form: Form, manager: Manager) -> Window:
    shown = form.step.partition("/")[2]
    return _person(tx, form, manager, int(shown)) if shown else _everybody(tx, form, manager)


def pressed(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    shown = form.step.partition("/")[2]
    match action:
        case "person":
            form.step = f"people/{number(arg)}"
        case "add" if not shown:
            person = customers.by_telegram_id(tx, number(arg))
            if person is None:
                raise NotFound("customer", arg)
            _add(tx, form, manager, person.telegram_id, person.name)
        case "role" if shown:
            if not _has_left(tx, int(shown)):  # a window from before; the new one says so
                change_manager(tx, acting=manager, manager_id=int(shown), changes={"role": arg})
        case "active" if shown:
            change_manager(tx, acting=manager, manager_id=int(shown), changes={"active": arg == "1"})
        case _:
            form.step = "people"


def typed(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    """“510000001 Anna”: the Telegram id, then the name. A shared contact says both."""
    if content.kind == "contact" and content.data.get("user_id"):
        _add(tx, form, manager, int(content.data["user_id"]), str(content.data.get("first_name") or ""))
        return
    number, _, name = content.text.strip().partition(" ")
    if not number.isascii() or not number.isdigit() or not name.strip():
        raise BadInput("telegram_id", say("windows.people_format", manager.language))
    _add(tx, form, manager, int(number), name)


def _add(tx: Tx, form: Form, manager: Manager, telegram_id: int, name: str) -> None:
    added = add_manager(tx, acting=manager, telegram_id=telegram_id, name=name, role=NEW_ROLE)
    form.step = f"people/{added.id}"
    was_customer = customers.by_telegram_id(tx, telegram_id)
    if was_customer is None:
        return  # nobody can be written to who never wrote to the bot
    waiting = inbox_items.waiting(tx, was_customer.id)
    if waiting is not None:
        ignore_item(tx, manager=manager, item_id=waiting["id"])
    said = welcome(added)
    answer(
        tx,
        chat_id=telegram_id,
        said=Answer(said.text, said.entities),
        key=f"welcome:{added.id}:{tx.at.timestamp():.6f}",
    )


def _has_left(tx: Tx, manager_id: int) -> bool:
    person = managers.by_id(tx, manager_id)
    return person is not None and not person.active


def _everybody(tx: Tx, form: Form, manager: Manager) -> Window:
    language = manager.language
    people = managers_page(tx, limit=picker.PEOPLE)
    choices = [
        (p.id, f"{p.name} · {_role(p.role, language)}" if p.active else f"🚫 {p.name}") for p in people
    ]
    lately = customers.started_lately(tx, since=tx.at - OFFERED_FOR, limit=LATELY)
    rows = [
        *picker.keyboard(form, "person", choices, ()),
        *([form.button(f"➕ {person.name}", "add", person.telegram_id)] for person in lately),
        [form.button(say("windows.menu", language), "menu")],
    ]
    form.awaits = True
    return titled(say("windows.settings_people", language), say("windows.people_hint", language), rows=rows)


def _person(tx: Tx, form: Form, manager: Manager, person_id: int) -> Window:
    language = manager.language
    person = managers.by_id(tx, person_id)
    if person is None:
        raise NotFound("manager", person_id)
    if not person.active:
        return _former(form, person, language)
    marks = [("· {} ·" if role == person.role else "{}") for role in ROLES]
    named = [mark.format(_role(role, language)) for mark, role in zip(marks, ROLES, strict=True)]
    buttons = [form.button(text, "role", role) for text, role in zip(named, ROLES, strict=True)]
    leave = form.button(say("windows.person_out", language), "active", 0)
    rows = [*in_rows(buttons), [leave], [form.button(say("windows.back", language), "list")]]
    state = say("windows.person_line", language, id=person.telegram_id, role=_role(person.role, language))
    return titled(person.name, state, rows=rows)


def _former(form: Form, person: Manager, language: str) -> Window:
    """Without a choice of roles: a role gives no rights to who does not belong to the desk."""
    back = form.button(say("windows.person_in", language), "active", 1)
    state = say("windows.person_left", language, id=person.telegram_id, role=_role(person.role, language))
    rows = [[back], [form.button(say("windows.back", language), "list")]]
    return titled(f"🚫 {person.name}", state, rows=rows)


def _role(role: str, language: str) -> str:
    return say(f"windows.role_{role}", language)
