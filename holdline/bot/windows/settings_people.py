"""Settings → People: who belongs to the desk and as what; somebody new by a tap and a yes, a contact or a line."""

from datetime import timedelta

from holdline.bot.keyboards import ICONS, in_rows
from holdline.bot.windows import picker
from holdline.bot.windows.form import LONGEST, Form, number
from holdline.bot.windows.welcome import welcome
from holdline.bot.windows.window import Window, titled
from holdline.desk.answers import Answer, answer
from holdline.desk.inbox_items import ignore_item
from holdline.desk.joining import open_with
from holdline.desk.staff import add_manager, change_manager, managers_page
from holdline.dialogs.customer import Customer
from holdline.dialogs.manager import ROLES, Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.text import inline
from holdline.store import customers, inbox_items, managers
from holdline.store.tx import Tx
from holdline.texts import say

PERMISSION = "managers.edit"
NEW_ROLE = "agent"
OFFERED_FOR = timedelta(days=2)
ASKS = "people/join"
LATELY = 5
"""How many of those who wrote /start lately are offered as colleagues."""


def window(tx: Tx, form: Form, manager: Manager) -> Window:
    if form.step == ASKS:
        return _question(tx, form, manager)
    shown = _shown(form)
    return _person(tx, form, manager, int(shown)) if shown else _everybody(tx, form, manager)


def pressed(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    shown = _shown(form)
    match action:
        case "person":
            form.step = f"people/{number(arg)}"
        case "add" if not shown:
            person = customers.by_telegram_id(tx, number(arg))
            if person is None:
                raise NotFound("customer", arg)
            _ask(form, person.telegram_id, person.name)
        case "join" if form.step == ASKS:
            _add(tx, form, manager)
        case "active" if shown and arg == "1" and (former := _served_as_customer(tx, int(shown))):
            _ask(form, former.telegram_id, former.name, role=former.role)
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
        _take(tx, form, manager, int(content.data["user_id"]), str(content.data.get("first_name") or ""))
        return
    digits, _, name = content.text.strip().partition(" ")
    is_id = digits.isascii() and digits.isdigit() and len(digits) <= LONGEST
    if not is_id or not name.strip():
        raise BadInput("telegram_id", say("windows.people_format", manager.language))
    _take(tx, form, manager, int(digits), name)


def _take(tx: Tx, form: Form, manager: Manager, telegram_id: int, name: str) -> None:
    """Somebody whom the administrator has named: asked only where they turn out to be a customer in need."""
    _ask(form, telegram_id, name)
    if not open_with(tx, telegram_id):
        _add(tx, form, manager)


def _ask(form: Form, telegram_id: int, name: str, *, role: str = NEW_ROLE) -> None:
    form.values["asked"] = {"telegram_id": telegram_id, "name": name, "role": role}
    form.step = ASKS


def _add(tx: Tx, form: Form, manager: Manager) -> None:
    asked = form.values["asked"]
    telegram_id = int(asked["telegram_id"])
    added = add_manager(tx, acting=manager, telegram_id=telegram_id, name=asked["name"], role=asked["role"])
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


def _shown(form: Form) -> str:
    """The id of the person whose page is open; empty on the other pages."""
    return "" if form.step == ASKS else form.step.partition("/")[2]


def _served_as_customer(tx: Tx, manager_id: int) -> Manager | None:
    """Somebody who has left the desk and is looked after as a customer now."""
    person = managers.by_id(tx, manager_id)
    served = person is not None and not person.active and open_with(tx, person.telegram_id)
    return person if served else None


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
        *([form.button(_offer(tx, person, language), "add", person.telegram_id)] for person in lately),
        [form.button(say("windows.menu", language), "menu")],
    ]
    form.awaits = True
    return titled(say("windows.settings_people", language), say("windows.people_hint", language), rows=rows)


def _offer(tx: Tx, person: Customer, language: str) -> str:
    """Real customers write /start, too: who is looked after as one is marked."""
    unsettled = open_with(tx, person.telegram_id)
    if unsettled.dialogs:
        return say("windows.join_customer", language, name=person.name, id=unsettled.dialogs[0].id)
    return say("windows.join_waiting", language, name=person.name) if unsettled else f"➕ {person.name}"


def _question(tx: Tx, form: Form, manager: Manager) -> Window:
    language, asked = manager.language, form.values["asked"]
    name, unsettled = inline(asked["name"]), open_with(tx, int(asked["telegram_id"]))
    open_dialogs = [
        say("windows.join_dialog", language, state=ICONS[d.state], id=d.id, title=inline(d.title))
        for d in unsettled.dialogs
    ]
    waits = [say("windows.join_waits", language, count=unsettled.waiting)] if unsettled.waiting else []
    means = say("windows.join_means", language, name=name, role=_role(asked["role"], language))
    rows = [
        [form.button(say("windows.join_yes", language), "join")],
        [form.button(say("windows.back", language), "list")],
    ]
    return titled(say("windows.join_ask", language, name=name), *open_dialogs, *waits, means, rows=rows)


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
