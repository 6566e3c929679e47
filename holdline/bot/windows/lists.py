"""Lists: dialogs, inbox, tasks. Reading is free: nothing here changes a state or an owner (W-11)."""

from collections.abc import Callable, Sequence

from holdline.bot.keyboards import ICONS, Button, Rows, in_rows, press, short
from holdline.bot.render.cards import stage_name
from holdline.bot.windows.arrival import way
from holdline.bot.windows.window import Window, titled
from holdline.desk import reading
from holdline.desk.finding import find
from holdline.desk.tasks import tasks_of
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.text import inline
from holdline.store import customers
from holdline.store.dialogs import DialogFilter
from holdline.store.tx import Row, Tx
from holdline.texts import say

PAGE = 8
TITLE = 60
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
    """What /find finds, the newest first; the words themselves do not fit into a button, so there is one page."""
    found = find(tx, manager=manager, text=text)
    head = say("windows.list_found", manager.language, text=inline(short(text)))
    return _listed(tx, manager, head, found[:PAGE], turn=None, after=None)


def inbox_window(tx: Tx, manager: Manager, *, after: int = 0) -> Window:
    """What waits, oldest first, each with its two buttons."""
    items = reading.inbox_page(tx, after=after, limit=PAGE + 1)
    language = manager.language
    if not items:
        return titled(say("windows.list_inbox", language), say("windows.inbox_empty", language))
    shown = items[:PAGE]
    lines = [_item_line(item) for item in shown]
    rows: Rows = [
        [
            press(f"➕ {short(i['customer_name'], 24)}", "card.open", i["id"]),
            press(say("windows.ignore", language), "card.ignore", i["id"]),
        ]
        for i in shown
    ]
    more = shown[-1]["id"] if len(items) > PAGE else None
    return titled(
        say("windows.list_inbox", language), *lines, rows=[*rows, *_turns(("list", "inbox", 0), more, after)]
    )


def _item_line(item: Row) -> str:
    said = item["first_text"] or item["first_kind"] or "…"
    return f"👤 {inline(short(item['customer_name']))} ({item['messages']}): {inline(short(said, TITLE))}"


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
            at=f"{t['starts_at']:%H:%M}",
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
    return titled(head, *(line(d, manager.language) for d in shown), rows=[*in_rows(buttons, 4), *turns])


def line(dialog: Dialog, language: str) -> str:
    """One dialog in one line: state, id, title, stage, who has it."""
    owner = inline(dialog.assignee.name) if dialog.assignee else "—"
    title, stage = inline(short(dialog.title, TITLE)), stage_name(dialog.stage, language)
    return f"{ICONS[dialog.state]} #{dialog.id} {title} · {stage} · {owner}"


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
