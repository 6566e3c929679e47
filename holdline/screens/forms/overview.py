"""🕘 History of this customer: their dialogs in short, shown in the current chat (K-01 … K-18)."""

from datetime import datetime

from holdline.desk.people.time_zones import time_zone_of
from holdline.desk.reading.overview import AppliedTag, Overview, PastDialog, overview_of
from holdline.desk.reading.reports import UNASSIGNED
from holdline.dialogs.manager import Manager
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import in_zone
from holdline.dialogs.verbs import DeskVerb, DialogVerb
from holdline.screens.dialog_link import dialog_link_button
from holdline.screens.keyboards import STATE_ICONS, Button, ButtonRows, callback_button, ellipsize
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.texts import say

PAGE = 5
TITLE = 60
ORDERS = {"n": "newest", "o": "oldest"}
STATES = {"a": None, "o": "open", "c": "closed"}
CHANNEL_ICONS = {"telegram": "✈️", "email": "✉️", "web": "🌐"}
LISTS = tuple(f"past.{order}{state}" for order in ORDERS for state in STATES)
"""The names of its pages in the buttons that turn them."""


def overview_screen(
    tx: Tx, manager: Manager, *, customer_id: int, name: str = LISTS[0], after: int | None = None
) -> Screen:
    """`name` is one of LISTS. Viewing assigns nobody."""
    order, state = name[-2], name[-1]
    language, zone = manager.language, time_zone_of(tx, manager)
    found = overview_of(
        tx, customer_id=customer_id, state=STATES[state], order=ORDERS[order], after=after, limit=PAGE + 1
    )
    customer = customers.load(tx, customer_id)
    head = say("past.head", language, name=inline(ellipsize(customer.name)))
    entries = [line for item in found.items[:PAGE] for line in _entry(item, language, zone=zone)]
    return screen_with_title(
        f"{head} · {say('windows.times_in', language, zone=zone)}",
        *_hints(found, language),
        *(entries or [say("windows.list_nothing", language)]),
        rows=_rows(tx, found, customer_id=customer_id, name=name, language=language),
    )


def tags_text(tags: tuple[AppliedTag, ...]) -> str:
    """Automatic tags are marked with a robot."""
    return ", ".join(f"{inline(tag.name)}{'' if tag.by == 'manager' else ' 🤖'}" for tag in tags)


def _hints(found: Overview, language: str) -> list[str]:
    return [
        say("past.repeated", language, tag=inline(tag.tag), times=tag.times, days=tag.days)
        for tag in found.repeated
    ]


def _entry(item: PastDialog, language: str, *, zone: str) -> list[str]:
    """“✅ #6 ✈️ Lost parcel · Ivan”, then its tags, then its times."""
    owner = say("cards.unassigned", language) if item.assignee == UNASSIGNED else inline(item.assignee)
    icon = CHANNEL_ICONS.get(item.channel, "💬")
    title = inline(ellipsize(item.title, TITLE))
    lines = [f"{STATE_ICONS[item.state]} #{item.dialog_id} {icon} {title} · {owner}"]
    if item.tags:
        lines.append(f"   🏷 {tags_text(item.tags)}")
    times = [say("past.last_words", language, at=_moment(item.last_at, zone))]
    if item.closed_at is not None:
        times.insert(0, say("past.closed", language, at=_moment(item.closed_at, zone)))
    return [*lines, f"   {' · '.join(times)}"]


def _rows(tx: Tx, found: Overview, *, customer_id: int, name: str, language: str) -> ButtonRows:
    """A link to each dialog and its file, then the order, the filter and the next page."""
    items = found.items[:PAGE]
    rows: ButtonRows = [
        [
            dialog_link_button(tx, item.dialog_id, f"{STATE_ICONS[item.state]} #{item.dialog_id}"),
            callback_button(f"📄 #{item.dialog_id}", DialogVerb.SEND_TRANSCRIPT, item.dialog_id, 1),
        ]
        for item in items
    ]
    order, state = name[-2], name[-1]
    other = "o" if order == "n" else "n"
    following = {"a": "o", "o": "c", "c": "a"}[state]
    turns: list[Button] = [
        callback_button(
            say(f"windows.order_{ORDERS[other]}", language),
            DeskVerb.TURN_PAGE,
            f"past.{other}{state}",
            0,
            customer_id,
        ),
        callback_button(
            say(f"past.only_{following}", language),
            DeskVerb.TURN_PAGE,
            f"past.{order}{following}",
            0,
            customer_id,
        ),
    ]
    if len(found.items) > PAGE:
        turns.append(callback_button("▶", DeskVerb.TURN_PAGE, name, items[-1].dialog_id, customer_id))
    return [*rows, turns]


def _moment(at: datetime, zone: str) -> str:
    return f"{in_zone(at, zone):%d.%m.%Y %H:%M}"
