"""Who becomes the assignee of a dialog after a manager acts in it: the manager who acts. Reading never assigns."""

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
"""A manager who pauses, resumes or closes a dialog becomes its assignee. The notice of that change also tells the
former assignee.
"""
DRAFT = "draft"
"""A draft waits for approval. Its author cannot answer the customer alone, so an assignee keeps the dialog."""
LEFT_DESK = "left"
ROUTED = "routed"
"""A team's dialog is given to a free member of the team."""
TEAM = "team"
TOLD_ONCE_IN = timedelta(minutes=10)


class Takeover(StrEnum):
    """What an act in a dialog makes of the manager who acted."""

    NOTHING = "nothing"  # already the assignee, or the dialog is closed
    JOINS = "joins"  # becomes a participant; the assignee stays
    OWNS = "owns"


def takeover(dialog: Dialog, person_id: int, *, only_if_unassigned: bool) -> Takeover:
    """`only_if_unassigned`: by the desk's setting an assignee keeps the dialog until it is given to somebody else."""
    if dialog.state == "closed":
        return Takeover.NOTHING
    takes_part = any(person.id == person_id for person in dialog.participants)
    if dialog.assignee is None:
        return Takeover.OWNS
    if dialog.assignee.id == person_id or only_if_unassigned:
        return Takeover.NOTHING if takes_part else Takeover.JOINS
    return Takeover.OWNS


def assign(dialog: Dialog, target: Manager | None, *, by: Actor, cause: str) -> Decision:
    """Assigns the dialog to that manager, or to nobody. No event if nothing changes."""
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
    """Gives the dialog to a team and unassigns it. Taken out of its team (None), it keeps its assignee."""
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
    """For the new assignee, unless they assigned the dialog to themselves."""
    if now.assignee is None or by.is_manager(now.assignee.id):
        return None
    if by.kind != "manager" and now.team is not None:
        return PersonalNotice(now.assignee.telegram_id, "routed_to_you", who=now.team)
    return PersonalNotice(now.assignee.telegram_id, "assigned_to_you", who=by.name)


def notice_to_former_assignee(event: Event) -> PersonalNotice | None:
    """For the former assignee, with a button to take the dialog back. After a MOVE another notice informs them."""
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
    """For the remaining participants, except the former assignee, who gets a different notice, and the manager who
    withdrew the assignment.
    """
    former = event.before.assignee if event.before else None
    return [
        PersonalNotice(person.telegram_id, "nobody_has_it", take="take")
        for person in now.participants
        if (former is None or person.id != former.id) and not event.actor.is_manager(person.id)
    ]


def was_notified_lately(earlier: Sequence[Mapping[str, Any]], telegram_id: int) -> bool:
    """Whether this person was already notified of a takeover. Two managers who work in one dialog take it from each
    other with every message; each gets one notice.

    `earlier` are the assignments within TOLD_ONCE_IN, newest first. The person is notified again if the dialog was
    given to them, or they took it back, since then.
    """
    for move in earlier:
        if move["from"] == telegram_id:
            return True
        if move["to"] == telegram_id and move["cause"] != INTERVENTION:
            return False
    return False
