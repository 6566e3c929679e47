"""Dialogs as lines of a list: short ones for ticking and search, and rows with all columns."""

from collections.abc import Sequence
from datetime import datetime

from holdline.desk.people.time_zones import time_zone_of
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.text.times import in_zone
from holdline.screens.keyboards import OVERDUE_ICON, STATE_ICONS, ellipsize
from holdline.screens.render.cards import stage_name
from holdline.screens.render.durations import format_duration
from holdline.store.conversation import conversation
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.texts import say

TITLE = 60
NAME = 32


def dialog_lines(tx: Tx, dialogs: Sequence[Dialog], manager: Manager) -> list[str]:
    """“▶️ #6 Lost parcel · Oleg · Ivan · 2 h”: customer, assignee, and how long the customer waits, or the date."""
    waiting, zone = _waits_since(tx, dialogs), time_zone_of(tx, manager)
    lines = []
    for dialog in dialogs:
        owner = inline(ellipsize(dialog.assignee.name, NAME)) if dialog.assignee else "—"
        since = waiting.get(dialog.id)
        moment = dialog.closed_at or dialog.created_at
        when = format_duration(tx.at - since, manager.language) if since else f"{in_zone(moment, zone):%d.%m}"
        lines.append(f"{_head(tx, dialog)} · {owner} · {when}")
    return lines


def dialog_rows(tx: Tx, dialogs: Sequence[Dialog], manager: Manager) -> list[str]:
    """Each with its columns: number, title, customer, assignee; stage, bot, opened, changed, due, waiting."""
    waiting, language, zone = _waits_since(tx, dialogs), manager.language, time_zone_of(tx, manager)
    lines = []
    for dialog in dialogs:
        since = waiting.get(dialog.id)
        columns = [
            stage_name(dialog.stage, language),
            f"@{dialog.inbox}" if dialog.inbox else "",
            say("lists.created", language, at=_moment(dialog.created_at, zone, now=tx.at)),
            say(
                "lists.changed", language, at=_moment(dialog.changed_at or dialog.created_at, zone, now=tx.at)
            ),
            say("lists.due", language, at=_moment(dialog.due_at, zone, now=tx.at)) if dialog.due_at else "",
            say("lists.waits", language, time=format_duration(tx.at - since, language)) if since else "",
        ]
        lines.append(f"{_head(tx, dialog)} · {_owner(dialog, language)}")
        lines.append("    " + " · ".join(column for column in columns if column))
    return lines


def _waits_since(tx: Tx, dialogs: Sequence[Dialog]) -> dict[int, datetime]:
    open_ids = [dialog.id for dialog in dialogs if dialog.state != "closed"]
    return conversation.first_unanswered_at(tx, open_ids)


def _head(tx: Tx, dialog: Dialog) -> str:
    late = f"{OVERDUE_ICON} " if dialog.overdue else ""
    customer = customer_name(tx, dialog.customer_id)
    title = inline(ellipsize(dialog.title, TITLE))
    return f"{late}{STATE_ICONS[dialog.state]} #{dialog.id} {title} · {customer}"


def _owner(dialog: Dialog, language: str) -> str:
    """The assignee, or else the team that it waits in."""
    if dialog.assignee is not None:
        return inline(ellipsize(dialog.assignee.name, NAME))
    team = f"👥 {inline(ellipsize(dialog.team, NAME))}" if dialog.team else ""
    return team or say("cards.unassigned", language)


def _moment(at: datetime, zone: str, *, now: datetime) -> str:
    """“28.11 14:05”, in another year “28.11.2025”. The list names the time zone once."""
    here = in_zone(at, zone)
    return f"{here:%d.%m %H:%M}" if here.year == in_zone(now, zone).year else f"{here:%d.%m.%Y}"


def customer_name(tx: Tx, customer_id: int) -> str:
    return inline(ellipsize(customers.load(tx, customer_id).name, NAME))
