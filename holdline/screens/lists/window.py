"""A list of dialogs in one window: rows, their buttons, filters, pages. Viewing assigns nobody (W-11)."""

from holdline.desk.people.time_zones import time_zone_of
from holdline.desk.reading import reading
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act, is_allowed
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.dialog_link import dialog_link_button
from holdline.screens.keyboards import STATE_ICONS, Button, ButtonRows, callback_button, ellipsize
from holdline.screens.lists.customer_card import customer_lines, customer_rows
from holdline.screens.lists.filters import filter_lines, filter_rows, show_button
from holdline.screens.lists.lines import customer_name, dialog_rows
from holdline.screens.lists.view import ListView, filter_of_view
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs import inbox_items
from holdline.store.tx import Tx
from holdline.texts import say

PAGE = 8
CAPTION = 24
_MANY = 100


def list_screen(tx: Tx, manager: Manager, view: ListView, *, result: str = "") -> Screen:
    """`result` says what was just done from a row."""
    view = view.for_reader(manager)
    narrowed = filter_of_view(tx, manager, view)
    found = reading.dialog_page(tx, narrowed=narrowed, order=view.order, after=view.after, limit=PAGE + 1)
    page, language = found[:PAGE], manager.language
    name = customer_name(tx, view.about) if view.name == "customer" else ""
    head = say(f"windows.list_{view.name}", language, name=name)
    only = (
        customer_lines(tx, manager, view.about)
        if view.name == "customer"
        else filter_lines(tx, manager, view)
    )
    lines = [*([result] if result else []), *only]
    if page:
        lines.append(say("lists.sorted", language, order=say(f"lists.order_{view.order}", language),
                         zone=time_zone_of(tx, manager)))  # fmt: skip
        lines += dialog_rows(tx, page, manager)
        lines += _signs(manager, page)
    else:
        lines.append(_empty_text(view, language))
    rows = [
        *(row_buttons(tx, manager, dialog, view=view) for dialog in page),
        *_foot_rows(tx, manager, view),
        *_page_rows(view, page[-1].id if len(found) > PAGE else None),
    ]
    return screen_with_title(head, *lines, rows=rows)


def _signs(manager: Manager, page: list[Dialog]) -> list[str]:
    """What the buttons beside a title do; only for buttons that appear on this page."""
    language = manager.language
    shown = [
        *([say("lists.sign_answer", language)] if any(_takes_answer(one, manager) for one in page) else []),
        *([say("lists.sign_act", language)] if any(_takes_acts(one, manager) for one in page) else []),
    ]
    return [" · ".join(shown)] if shown else []


def _takes_answer(dialog: Dialog, manager: Manager) -> bool:
    return dialog.state == "active" and is_allowed(manager, Act.REPLY, Act.WRITE_DRAFT)


def _takes_acts(dialog: Dialog, manager: Manager) -> bool:
    return dialog.state != "closed" and is_allowed(manager, Act.CHANGE_DIALOG)


def row_buttons(tx: Tx, manager: Manager, dialog: Dialog, *, view: ListView) -> list[Button]:
    """A link to the dialog, ✍️ to answer its customer, and ⚡ for other acts."""
    title = f"{STATE_ICONS[dialog.state]} #{dialog.id} {ellipsize(dialog.title, CAPTION)}"
    buttons = [dialog_link_button(tx, dialog.id, title)]
    if _takes_answer(dialog, manager):
        buttons.append(callback_button(f"✍️ #{dialog.id}", DeskVerb.ANSWER_FROM_LIST, dialog.id))
    if _takes_acts(dialog, manager):
        buttons.append(callback_button(f"⚡ #{dialog.id}", DeskVerb.SHOW_ROW, dialog.id, "main", view.word()))
    return buttons


def _foot_rows(tx: Tx, manager: Manager, view: ListView) -> ButtonRows:
    if view.name != "customer":
        return [*_inbox_rows(tx, manager, view), *filter_rows(tx, manager, view)]
    return customer_rows(tx, manager, view.about)


def _inbox_rows(tx: Tx, manager: Manager, view: ListView) -> ButtonRows:
    """📥 Unassigned Inbox items count as new, assigned ones as in handling."""
    if view.name not in ("new", "handling") or view.filters.narrows:
        return []
    assigned = view.name == "handling"
    waiting = inbox_items.count_new(tx, assigned=assigned, most=_MANY)
    if not waiting:
        return []
    many = f"{_MANY - 1}+" if waiting == _MANY else waiting
    caption = f"{say('windows.list_inbox', manager.language)}: {many}"
    return [[callback_button(caption, DeskVerb.TURN_PAGE, "inbox", 0, int(assigned))]]


def _page_rows(view: ListView, more: int | None) -> ButtonRows:
    row = [show_button("⏮", view.at(None))] if view.after else []
    if more is not None:
        row.append(show_button("▶", view.at(more)))
    return [row] if row else []


def _empty_text(view: ListView, language: str) -> str:
    """What to do if nothing is found."""
    if view.filters.narrows:
        return say("lists.empty_filtered", language)
    return say(f"lists.empty_{view.name}", language)
