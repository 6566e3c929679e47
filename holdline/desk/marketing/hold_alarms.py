"""Alarms for marketing that waits too long because somebody forgot to end a dialog; each is sent once."""

from datetime import timedelta
from typing import Any

from holdline.desk.automation.habits import habits_of
from holdline.desk.notices import views
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act
from holdline.dialogs.verbs import DialogVerb, button_data
from holdline.store.dialogs import dialogs
from holdline.store.marketing import held
from holdline.store.people import managers
from holdline.store.tx import Tx

_MOST = 100
"""How many dialogs are checked in one turn, those whose marketing has waited longest first."""


def list_long_holds(tx: Tx) -> list[int]:
    """Dialogs behind which marketing waits longer than the desk allows and of which nobody was notified."""
    longest = habits_of(tx).alarms_held_after
    if longest is None:
        return []
    waiting = held.list_customers(tx, limit=_MOST, until=tx.at - longest)
    return [one.dialog_id for one in waiting if one.needs_alarm(longest, at=tx.at)]


def report_long_hold(tx: Tx, *, dialog_id: int) -> bool:
    """Notifies the assignee and the administrators, with the button to the dialog; returns whether it did."""
    longest, dialog = habits_of(tx).alarms_held_after, dialogs.load_locked(tx, dialog_id)
    waiting = held.list_customers(tx, dialog_id=dialog_id)
    if longest is None or not waiting or not waiting[0].needs_alarm(longest, at=tx.at):
        return False
    held.mark_alarm_sent(tx, dialog_id)
    words = {
        "id": dialog.id,
        "title": dialog.title,
        "name": waiting[0].name,
        "count": waiting[0].held,
        "span": _span(tx.at - waiting[0].since),
    }
    look = {
        "key": "held.look",
        "data": button_data(DialogVerb.SHOW_GATE_QUEUE, dialog.id),
    }
    for reader in _readers(tx, dialog):
        views.notify_manager(
            tx, reader.telegram_id, "held.forgotten", words, dialog_id=dialog.id, buttons=[[look]]
        )
    return True


def _span(length: timedelta) -> dict[str, Any]:
    """“3 d” or “12 h”, in the reader's language."""
    unit, number = ("days", length.days) if length.days else ("hours", max(1, length.seconds // 3600))
    return {"key": f"cards.span_{unit}", "words": {"n": number}}


def _readers(tx: Tx, dialog: Dialog) -> list[Manager]:
    people = {person.id: person for person in managers.list_permitted(tx, Act.EDIT_PEOPLE)}
    assignee = managers.by_id(tx, dialog.assignee.id) if dialog.assignee is not None else None
    if assignee is not None and assignee.active:
        people[assignee.id] = assignee
    return [people[number] for number in sorted(people)]
