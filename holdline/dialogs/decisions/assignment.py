"""Who has a dialog after somebody of the desk acted in it: whoever acts, owns. Reading never assigns."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from holdline.dialogs.decisions.decision import Decision, PersonalNotice
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.manager import Manager

INTERVENTION = "intervention"
MOVE = "move"
"""Whoever pauses, resumes or closes a dialog has it then; who had it hears of that with the move itself."""
LEFT_DESK = "left"
ROUTED = "routed"
"""A team's dialog goes to whoever of the team is free."""
TEAM = "team"
TOLD_ONCE_IN = timedelta(minutes=10)


class Takeover(StrEnum):
    """What an act in a dialog makes of whoever acted."""

    NOTHING = "nothing"  # they had it already, or it is closed and keeps who had it
    JOINS = "joins"  # a participant; the desk keeps the assignee that there is
    OWNS = "owns"


def takeover(dialog: Dialog, person_id: int, *, only_if_unassigned: bool) -> Takeover:
    """`only_if_unassigned`: the desk's setting by which an assignee keeps the dialog until it is given away."""
    if dialog.state == "closed":
        return Takeover.NOTHING
    takes_part = any(person.id == person_id for person in dialog.participants)
    if dialog.assignee is None:
        return Takeover.OWNS
    if dialog.assignee.id == person_id or only_if_unassigned:
        return Takeover.NOTHING if takes_part else Takeover.JOINS
    return Takeover.OWNS


def assign(dialog: Dialog, target: Manager | None, *, by: Actor, cause: str) -> Decision:
    """To that colleague, or to nobody; nothing has happened where they have it already."""
    before, after = dialog.assignee, target.as_person() if target is not None else None
    if (before.id if before else None) == (after.id if after else None):
        return Decision(dialog, ())
    data = {
        "from": before.telegram_id if before else None,
        "to": after.telegram_id if after else None,
        "to_name": after.name if after else None,
        "cause": cause,
    }
    kind = EventKind.DIALOG_ASSIGNED if after else EventKind.ASSIGNMENT_WITHDRAWN
    event = Event(kind, by, dialog.customer_id, dialog.id, data=data, before=dialog)
    return Decision(replace(dialog, assignee=after), (event,))


def give_to_team(dialog: Dialog, team: str | None, *, by: Actor) -> Decision:
    """Nobody has it any more, whoever had it; out of its team (None) it keeps its assignee."""
    former = dialog.assignee if team is not None else None
    if dialog.team == team and former is None:
        return Decision(dialog, ())
    data = {
        "from": former.telegram_id if former else None,
        "to": None,
        "to_name": None,
        "from_team": dialog.team,
        "to_team": team,
        "cause": TEAM,
    }
    kind = EventKind.DIALOG_ASSIGNED if team is not None else EventKind.ASSIGNMENT_WITHDRAWN
    event = Event(kind, by, dialog.customer_id, dialog.id, data=data, before=replace(dialog, assignee=former))
    after = replace(dialog, team=team, assignee=None if team is not None else dialog.assignee)
    return Decision(after, (event,))


def notice_to_new_assignee(now: Dialog, *, by: Actor) -> PersonalNotice | None:
    """Whoever has it now, unless they took it themselves."""
    if now.assignee is None or by.is_manager(now.assignee.id):
        return None
    if by.kind != "manager" and now.team is not None:
        return PersonalNotice(now.assignee.telegram_id, "routed_to_you", who=now.team)
    return PersonalNotice(now.assignee.telegram_id, "assigned_to_you", who=by.name)


def notice_to_former_assignee(event: Event) -> PersonalNotice | None:
    """Whoever had it, with the button that takes it back; of a MOVE they hear otherwise."""
    former = event.before.assignee if event.before else None
    if former is None or event.data["cause"] in (LEFT_DESK, MOVE) or event.actor.is_manager(former.id):
        return None
    if event.data["to"]:
        return PersonalNotice(
            former.telegram_id, "assignment_moved", who=event.data["to_name"], take="take_back"
        )
    if event.data.get("to_team"):
        return PersonalNotice(
            former.telegram_id, "assignment_to_team", who=event.data["to_team"], take="take_back"
        )
    return PersonalNotice(former.telegram_id, "assignment_gone", take="take_back")


def notices_that_nobody_has_it(now: Dialog, event: Event) -> list[PersonalNotice]:
    """To those who still take part. Whoever had it is told something else, whoever withdrew it knows."""
    former = event.before.assignee if event.before else None
    return [
        PersonalNotice(person.telegram_id, "nobody_has_it", take="take")
        for person in now.participants
        if (former is None or person.id != former.id) and not event.actor.is_manager(person.id)
    ]


def was_told_lately(earlier: Sequence[Mapping[str, Any]], telegram_id: int) -> bool:
    """Two who work in one dialog take it from each other with every line: each of them hears of it once.

    `earlier`: the assignments of the last TOLD_ONCE_IN, the newest first. What counts anew is that it was given to
    them, or taken back by them, since.
    """
    for move in earlier:
        if move["from"] == telegram_id:
            return True
        if move["to"] == telegram_id and move["cause"] != INTERVENTION:
            return False
    return False
