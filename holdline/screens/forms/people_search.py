"""Settings → People: finds everybody who ever wrote to the bot, by pages or by a search text."""

from collections.abc import Sequence
from datetime import timedelta

from holdline.desk.people.customer_colleagues import open_with
from holdline.dialogs.customer import Customer
from holdline.dialogs.manager import Manager
from holdline.dialogs.text.splitting import inline
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import ButtonRows, arrange_in_rows, ellipsize
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.people import manager_candidates as people
from holdline.store.tx import EPOCH, Tx
from holdline.texts import say

PAGE = 20
LATELY = 5
"""How many people who recently pressed Start are on the first page."""
OFFERED_FOR = timedelta(days=2)


def newcomer_rows(tx: Tx, form: Form, manager: Manager) -> ButtonRows:
    """Below the colleagues: people who recently pressed Start, and a button for all others."""
    lately = people.list_started(tx, since=tx.at - OFFERED_FOR, first=0, limit=LATELY)
    everybody = people.count_started(tx)
    rows = [_offer_button(tx, form, manager, person) for person in lately]
    if everybody > len(lately):
        rows.append(
            [form.button(say("windows.people_newcomers", manager.language, n=everybody), "newcomers")]
        )
    return rows


def newcomers_screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """Everybody who pressed Start and never worked here, newest first."""
    first = int(form.values.get("first", 0))
    newcomers = people.list_started(tx, since=EPOCH, first=first, limit=PAGE + 1)
    rows = [
        *customer_rows(tx, form, manager, newcomers[:PAGE]),
        *_foot(form, manager, first, len(newcomers) > PAGE),
    ]
    return screen_with_title(say("windows.people_newest", manager.language), rows=rows)


def search_results_screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """Colleagues and customers who match the last search text."""
    sought, first = str(form.values["sought"]), int(form.values.get("first", 0))
    customers, more = find_customers(tx, sought, first=first)
    colleagues = colleagues_called(tx, sought) if not first else []
    head = say("windows.list_found", manager.language, text=inline(ellipsize(sought)))
    rows = [
        *colleague_rows(form, manager, colleagues),
        *customer_rows(tx, form, manager, customers),
        *_foot(form, manager, first, more),
    ]
    return screen_with_title(head, rows=rows)


def find_customers(tx: Tx, text: str, *, first: int = 0) -> tuple[list[Customer], bool]:
    """A page of people who are not colleagues, by name, @username or Telegram id; and whether there are more."""
    customers = people.find_by_name(tx, text, first=first, limit=PAGE + 1)
    return customers[:PAGE], len(customers) > PAGE


def find_exact(tx: Tx, line: str) -> tuple[int, str] | None:
    """Telegram id and name of the person whose whole @username or id this is, among all who ever wrote to the bot."""
    wanted = line.casefold()
    exact = [
        person
        for person in find_customers(tx, line)[0]
        if wanted in (str(person.telegram_id), f"@{person.username or ''}".casefold())
    ]
    return (exact[0].telegram_id, exact[0].name) if len(exact) == 1 else None


def colleagues_called(tx: Tx, text: str) -> list[Manager]:
    """People of the desk, including former ones."""
    return people.find_colleagues(tx, text, limit=PAGE)


def customer_rows(tx: Tx, form: Form, manager: Manager, customers: Sequence[Customer]) -> ButtonRows:
    return [_offer_button(tx, form, manager, person) for person in customers]


def colleague_rows(form: Form, manager: Manager, colleagues: Sequence[Manager]) -> ButtonRows:
    return arrange_in_rows(
        form.button(f"👤 {colleague_label(person, manager.language)}", "person", person.id)
        for person in colleagues
    )


def colleague_label(person: Manager, language: str) -> str:
    return f"{person.name} · {role_name(person.role, language)}" if person.active else f"🚫 {person.name}"


def role_name(role: str, language: str) -> str:
    return say(f"windows.role_{role}", language)


def _offer_button(tx: Tx, form: Form, manager: Manager, person: Customer) -> list[dict[str, str]]:
    return [form.button(_offer(tx, person, manager.language), "add", person.telegram_id)]


def _offer(tx: Tx, person: Customer, language: str) -> str:
    """Real customers press Start too, so a person with an open case is marked. The username tells
    people of the same name apart.
    """
    name = f"{ellipsize(person.name, 24)} @{person.username}" if person.username else person.name
    unsettled = open_with(tx, person.telegram_id)
    if unsettled.dialogs:
        return say(
            "windows.join_customer", language, name=ellipsize(person.name, 24), id=unsettled.dialogs[0].id
        )
    return (
        say("windows.join_waiting", language, name=ellipsize(person.name, 24)) if unsettled else f"➕ {name}"
    )


def _foot(form: Form, manager: Manager, first: int, more: bool) -> ButtonRows:
    turn = [form.button("◀", "page", max(0, first - PAGE))] if first else []
    turn += [form.button("▶", "page", first + PAGE)] if more else []
    return [*([turn] if turn else []), [form.button(say("windows.back", manager.language), "list")]]
