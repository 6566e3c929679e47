"""The Inbox, a manager's tasks, and search results. Viewing changes no state and no assignment (W-11)."""

from collections.abc import Sequence
from dataclasses import replace

from holdline.desk.dialogs.tasks import tasks_of
from holdline.desk.people.time_zones import time_zone_of
from holdline.desk.reading import reading
from holdline.desk.reading.search import find_customers, find_dialogs, last_general_text
from holdline.dialogs.customer import Customer
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act, is_allowed
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import in_zone
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.dialog_link import dialog_link_button
from holdline.screens.keyboards import (
    STATE_ICONS,
    Button,
    ButtonRows,
    arrange_in_rows,
    callback_button,
    ellipsize,
)
from holdline.screens.lists.lines import dialog_lines
from holdline.screens.render.durations import format_duration
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Row, Tx
from holdline.texts import say

PAGE = 8
PEOPLE = 5
TITLE = 60
NAME = 32


def search_screen(tx: Tx, manager: Manager, text: str) -> Screen:
    """The results of /find, newest first. Only one page, because the search text does not fit into a button.

    Then the customers whose dialogs are not among the results, with buttons to contact them.
    """
    dialogs = find_dialogs(tx, manager=manager, text=text)[:PAGE]
    covered = {dialog.customer_id for dialog in dialogs}
    people = [
        customer for customer in find_customers(tx, manager=manager, text=text) if customer.id not in covered
    ][:PEOPLE]
    head = say("windows.list_found", manager.language, text=inline(ellipsize(text)))
    if not people:
        return _results_screen(tx, manager, head, dialogs)
    screen = _results_screen(tx, manager, head, dialogs) if dialogs else screen_with_title(head)
    lines = [_customer_line(tx, customer, text) for customer in people]
    rows = [*screen.rows, *(_contact_buttons(customer, manager) for customer in people)]
    return screen_with_title(*screen.text.splitlines(), *lines, rows=rows)


def _customer_line(tx: Tx, customer: Customer, text: str) -> str:
    """“👤 Tom · @tom_x · id 510000002: my invoice INV-2231 is wrong”, with 🔇 while the customer is muted."""
    username = f" · @{customer.username}" if customer.username else ""
    last_text = last_general_text(tx, customer_id=customer.id, text=text)
    words = f": {inline(ellipsize(last_text, TITLE))}" if last_text else ""
    muted = " · 🔇" if customer.mute else ""
    return f"👤 {inline(ellipsize(customer.name))}{username} · id {customer.telegram_id}{muted}{words}"


def _contact_buttons(customer: Customer, manager: Manager) -> list[Button]:
    """For a muted customer also their card, which shows the reason and can end the mute."""
    language = manager.language
    card = callback_button(say("cards.button_dialogs", language), DeskVerb.LIST_DIALOGS, customer.id)
    answer = f"{say('cards.button_answer', language)} · {ellipsize(customer.name, 24)}"
    return [
        *_answer_buttons(manager, customer.id, answer),
        callback_button(say("cards.button_dialog", language), DeskVerb.OPEN_FOR_CUSTOMER, customer.id),
        *([card] if customer.mute else []),
    ]


def _answer_buttons(manager: Manager, customer_id: int, caption: str) -> list[Button]:
    """None for managers whose replies wait for approval: there are no drafts outside dialogs."""
    if not is_allowed(manager, Act.REPLY):
        return []
    return [callback_button(caption, DeskVerb.ANSWER_CUSTOMER, customer_id)]


def inbox_screen(tx: Tx, manager: Manager, *, after: int = 0, assigned: bool = False) -> Screen:
    """Waiting items, oldest first, each with its buttons. `assigned` shows those that somebody has."""
    narrowed = replace(reading.WAITING_ITEMS, assigned=assigned)
    items = reading.inbox_page(tx, narrowed=narrowed, after=after, limit=PAGE + 1)
    language = manager.language
    if not items:
        return screen_with_title(say("windows.list_inbox", language), say("windows.inbox_empty", language))
    page = items[:PAGE]
    lines = [_item_line(tx, item, language) for item in page]
    rows: ButtonRows = [
        [
            *_answer_buttons(manager, i["customer_id"], f"💬 {ellipsize(i['customer_name'], 24)}"),
            callback_button(_open_caption(manager, i), DeskVerb.OPEN_FROM_INBOX, i["id"]),
            callback_button(say("windows.ignore", language), DeskVerb.IGNORE_INBOX_ITEM, i["id"]),
        ]
        for i in page
    ]
    more = page[-1]["id"] if len(items) > PAGE else None
    return screen_with_title(
        say("windows.list_inbox", language),
        *lines,
        rows=[*rows, *_page_buttons(("inbox", int(assigned)), more, after)],
    )


def _open_caption(manager: Manager, item: Row) -> str:
    """Without an answer button beside it, it names the customer."""
    return "➕" if is_allowed(manager, Act.REPLY) else f"➕ {ellipsize(item['customer_name'], 24)}"


def _item_line(tx: Tx, item: Row, language: str) -> str:
    """“👤 Anna (3): Where is it? · 5 min”: the waiting time, then the assignee if there is one."""
    excerpt = inline(ellipsize(item["first_text"] or item["first_kind"] or "…", TITLE))
    waits = format_duration(tx.at - item["created_at"], language)
    owner = f" · 👤 {inline(ellipsize(item['assignee_name'], NAME))}" if item["assignee_name"] else ""
    return (
        f"👤 {inline(ellipsize(item['customer_name']))} ({item['message_count']}): {excerpt} · {waits}{owner}"
    )


def tasks_screen(tx: Tx, manager: Manager) -> Screen:
    language = manager.language
    tasks = tasks_of(tx, manager=manager)[: PAGE * 2]
    if not tasks:
        return screen_with_title(say("windows.list_tasks", language), say("windows.tasks_empty", language))
    zone = time_zone_of(tx, manager)
    lines = [
        say(
            "windows.task_line",
            language,
            id=t["dialog_id"],
            title=inline(ellipsize(t["title"], TITLE)),
            at=f"{in_zone(t['starts_at'], zone):%H:%M} {zone}",
        )
        for t in tasks
    ]
    rows = [
        [
            dialog_link_button(tx, t["dialog_id"], f"#{t['dialog_id']}"),
            callback_button(say("windows.task_done", language), DeskVerb.FINISH_TASK, t["id"]),
        ]
        for t in tasks
    ]
    return screen_with_title(say("windows.list_tasks", language), *lines, rows=rows)


def _results_screen(tx: Tx, manager: Manager, head: str, found: Sequence[Dialog]) -> Screen:
    if not found:
        return screen_with_title(head, say("windows.list_nothing", manager.language))
    buttons: list[Button] = [dialog_link_button(tx, d.id, f"{STATE_ICONS[d.state]} #{d.id}") for d in found]
    return screen_with_title(head, *dialog_lines(tx, found, manager), rows=arrange_in_rows(buttons, 4))


def _page_buttons(turn: tuple[str, int], more: int | None, after: int | None) -> ButtonRows:
    name, about = turn
    row = [callback_button("⏮", DeskVerb.TURN_PAGE, name, 0, about)] if after else []
    if more is not None:
        row.append(callback_button("▶", DeskVerb.TURN_PAGE, name, more, about))
    return [row] if row else []
