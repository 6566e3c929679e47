"""Lists: dialogs, inbox, tasks. Reading is free: nothing here changes a state or an owner (W-11)."""

from collections.abc import Callable, Sequence

from holdline.desk.dialogs.tasks import tasks_of
from holdline.desk.reading import reading
from holdline.desk.reading.search import find, find_customers, general_words
from holdline.dialogs.customer import Customer
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import in_zone
from holdline.screens.dialog_link import way
from holdline.screens.keyboards import ICONS, Button, Rows, in_rows, press, short
from holdline.screens.render.durations import span
from holdline.screens.screen import Window, titled
from holdline.store.conversation import conversation
from holdline.store.dialogs.dialogs import DialogFilter
from holdline.store.people import customers
from holdline.store.tx import Row, Tx
from holdline.texts import say

PAGE = 8
PEOPLE = 5
TITLE = 60
NAME = 32
OLDEST_FIRST = frozenset({"new", "handling", "review"})


def dialogs_window(
    tx: Tx, manager: Manager, *, name: str, about: int = 0, after: int | None = None
) -> Window:
    """`name`: mine, active, new, handling, review, customer (`about` is the customer's id)."""
    if name not in _NARROWED:
        raise NotFound("list", name)
    narrowed = _NARROWED[name](manager, about)
    order = "oldest" if name in OLDEST_FIRST else "newest"
    found = reading.dialog_page(tx, narrowed=narrowed, order=order, after=after, limit=PAGE + 1)
    head = say(f"windows.list_{name}", manager.language, name=_customer_name(tx, about))
    shown = _listed(tx, manager, head, found, turn=("list", name, about), after=after)
    if name == "customer":
        shown.rows.append([press(say("manager.new_dialog", manager.language), "card.new", about)])
    return shown


def found_window(tx: Tx, manager: Manager, text: str) -> Window:
    """What /find finds, the newest first; the words themselves do not fit into a button, so there is one page.

    Customers come after the dialogs: those whose dialogs are not among them, with the ways to speak to them.
    """
    found = find(tx, manager=manager, text=text)[:PAGE]
    covered = {dialog.customer_id for dialog in found}
    people = [one for one in find_customers(tx, manager=manager, text=text) if one.id not in covered][:PEOPLE]
    head = say("windows.list_found", manager.language, text=inline(short(text)))
    if not people:
        return _listed(tx, manager, head, found, turn=None, after=None)
    shown = _listed(tx, manager, head, found, turn=None, after=None) if found else titled(head)
    lines = [_customer_line(tx, one, text) for one in people]
    rows = [*shown.rows, *(_ways_to(one, manager.language) for one in people)]
    return titled(*shown.text.splitlines(), *lines, rows=rows)


def _customer_line(tx: Tx, customer: Customer, text: str) -> str:
    """“👤 Tom · @tom_x · id 510000002: my invoice INV-2231 is wrong”"""
    username = f" · @{customer.username}" if customer.username else ""
    said = general_words(tx, customer_id=customer.id, text=text)
    words = f": {inline(short(said, TITLE))}" if said else ""
    return f"👤 {inline(short(customer.name))}{username} · id {customer.telegram_id}{words}"


def _ways_to(customer: Customer, language: str) -> list[Button]:
    answer = say("cards.button_answer", language)
    return [
        press(f"{answer} · {short(customer.name, 24)}", "card.answer", customer.id),
        press(say("cards.button_dialog", language), "card.new", customer.id),
    ]


def inbox_window(tx: Tx, manager: Manager, *, after: int = 0) -> Window:
    """What waits, oldest first, each with its buttons."""
    items = reading.inbox_page(tx, after=after, limit=PAGE + 1)
    language = manager.language
    if not items:
        return titled(say("windows.list_inbox", language), say("windows.inbox_empty", language))
    shown = items[:PAGE]
    lines = [_item_line(tx, item, language) for item in shown]
    rows: Rows = [
        [
            press(f"💬 {short(i['customer_name'], 24)}", "card.answer", i["customer_id"]),
            press("➕", "card.open", i["id"]),
            press(say("windows.ignore", language), "card.ignore", i["id"]),
        ]
        for i in shown
    ]
    more = shown[-1]["id"] if len(items) > PAGE else None
    return titled(
        say("windows.list_inbox", language), *lines, rows=[*rows, *_turns(("list", "inbox", 0), more, after)]
    )


def _item_line(tx: Tx, item: Row, language: str) -> str:
    """“👤 Anna (3): Where is it? · 5 min”: how long it waits comes last."""
    said = inline(short(item["first_text"] or item["first_kind"] or "…", TITLE))
    waits = span(tx.at - item["created_at"], language)
    return f"👤 {inline(short(item['customer_name']))} ({item['messages']}): {said} · {waits}"


def tasks_window(tx: Tx, manager: Manager) -> Window:
    language = manager.language
    tasks = tasks_of(tx, manager=manager)[: PAGE * 2]
    if not tasks:
        return titled(say("windows.list_tasks", language), say("windows.tasks_empty", language))
    lines = [
        say(
            "windows.task_line",
            language,
            id=t["dialog_id"],
            title=inline(short(t["title"], TITLE)),
            at=f"{in_zone(t['starts_at'], tx.rules.time_zone):%H:%M} {tx.rules.time_zone}",
        )
        for t in tasks
    ]
    rows = [
        [
            way(tx, t["dialog_id"], f"#{t['dialog_id']}"),
            press(say("windows.task_done", language), "task.done", t["id"]),
        ]
        for t in tasks
    ]
    return titled(say("windows.list_tasks", language), *lines, rows=rows)


def _listed(
    tx: Tx,
    manager: Manager,
    head: str,
    found: Sequence[Dialog],
    *,
    turn: tuple[str, str, int] | None,
    after: int | None,
) -> Window:
    shown = found[:PAGE]
    if not shown:
        return titled(head, say("windows.list_nothing", manager.language))
    buttons: list[Button] = [way(tx, d.id, f"{ICONS[d.state]} #{d.id}") for d in shown]
    more = shown[-1].id if len(found) > PAGE else None
    turns = _turns(turn, more, after) if turn else []
    lines = dialog_lines(tx, shown, manager.language)
    return titled(head, *lines, rows=[*in_rows(buttons, 4), *turns])


def dialog_lines(tx: Tx, found: Sequence[Dialog], language: str) -> list[str]:
    """“▶️ #6 Lost parcel · Oleg · Ivan · 2 h”: the customer, who has it, how long the customer waits, else its date."""
    waiting = conversation.waiting_since(tx, [dialog.id for dialog in found if dialog.state != "closed"])
    names = {dialog.customer_id: _customer_name(tx, dialog.customer_id) for dialog in found}
    lines = []
    for dialog in found:
        owner = inline(short(dialog.assignee.name, NAME)) if dialog.assignee else "—"
        since = waiting.get(dialog.id)
        moment = dialog.closed_at or dialog.created_at
        when = span(tx.at - since, language) if since else f"{in_zone(moment, tx.rules.time_zone):%d.%m}"
        title = inline(short(dialog.title, TITLE))
        customer = inline(short(names[dialog.customer_id], NAME))
        lines.append(f"{ICONS[dialog.state]} #{dialog.id} {title} · {customer} · {owner} · {when}")
    return lines


def _turns(turn: tuple[str, str, int], more: int | None, after: int | None) -> Rows:
    verb, name, about = turn
    row = [press("⏮", verb, name, 0, about)] if after else []
    if more is not None:
        row.append(press("▶", verb, name, more, about))
    return [row] if row else []


def _customer_name(tx: Tx, customer_id: int) -> str:
    if not customer_id:
        return ""
    customer = customers.by_id(tx, customer_id)
    if customer is None:
        raise NotFound("customer", customer_id)
    return inline(customer.name)


_NARROWED: dict[str, Callable[[Manager, int], DialogFilter]] = {
    "mine": lambda manager, _: DialogFilter(assignee_telegram_id=manager.telegram_id),
    "active": lambda _, __: DialogFilter(state="active"),
    "new": lambda _, __: DialogFilter(stage="New"),
    "handling": lambda _, __: DialogFilter(stage="In handling"),
    "review": lambda _, __: DialogFilter(stage="Awaiting review"),
    "customer": lambda _, customer_id: DialogFilter(customer_id=customer_id),
}
