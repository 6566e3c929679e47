"""Gives dialogs to a team, and the team's dialogs to its members: at once, or when a member is free."""

from holdline.desk.notices import places
from holdline.desk.people import participants
from holdline.desk.people.managers import require_permission
from holdline.dialogs.decisions.assignment import LEFT_DESK, ROUTED
from holdline.dialogs.decisions.team import MANUAL, Team, choose_member
from holdline.dialogs.decisions.transitions import refuse_closed
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import SYSTEM, Actor, Event
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.rights import act_of_assigning_to_team
from holdline.store.dialogs import dialogs, team_dialogs
from holdline.store.people import managers, teams
from holdline.store.screens import settings
from holdline.store.tx import Tx

PREFER_LAST_HANDLER = "prefer_last_handler"
"""A setting of the desk: a customer's next dialog goes to the manager who had the last one, if they are free."""
_IN_ONE_PASS = 20


def prefers_last_handler(tx: Tx) -> bool:
    return bool(settings.value(tx, PREFER_LAST_HANDLER, False))


def assign_dialog_to_team(tx: Tx, *, manager: Manager, dialog_id: int, team: str | None) -> Dialog:
    """Gives the dialog to the team until a member is free; None takes it out of its team."""
    require_permission(tx, manager, act_of_assigning_to_team(team))
    dialog = dialogs.load_locked(tx, dialog_id)
    refuse_closed(dialog)
    put_in_team(tx, dialog, team, by=manager.as_actor(), routed_by=SYSTEM)
    return dialogs.by_id(tx, dialog_id)


def put_in_team(tx: Tx, dialog: Dialog, name: str | None, *, by: Actor, routed_by: Actor) -> None:
    """Puts the dialog, which is locked and open, in the team; None takes it out."""
    team = team_by_name(tx, name) if name is not None else None
    if not participants.set_team(tx, dialog, team, actor=by):
        return
    places.ensure_for_dialog(tx, dialogs.by_id(tx, dialog.id))
    if team is not None:
        give_out(tx, team.id, actor=routed_by)


def team_by_name(tx: Tx, name: str) -> Team:
    """The team; raises BadInput if the desk has none of that name."""
    team = teams.find(tx, name)
    if team is None:
        raise BadInput("team", "not_in_list")
    return team


def give_out(tx: Tx, team_id: int, *, actor: Actor) -> int:
    """Gives the team's waiting dialogs to members who are free, the oldest first; returns how many."""
    team = teams.lock(tx, team_id)
    if team is None or team.routing == MANUAL:
        return 0
    given = 0
    for dialog_id in team_dialogs.longest_waiting(tx, team_id, limit=_IN_ONE_PASS):
        member = _free_member(tx, team, dialogs.by_id(tx, dialog_id))
        if member is None:
            return given
        dialog = team_dialogs.lock_if_free(tx, dialog_id)
        if dialog is None:
            continue  # locked by somebody else now; the timer tries again
        _give(tx, team, dialog, member, actor)
        given += 1
        team = teams.by_id(tx, team_id)
    return given


def give_out_to(tx: Tx, manager_id: int) -> None:
    """Gives out waiting dialogs of the manager's teams, after the manager became free or ready."""
    for team in _teams_that_give(tx):
        if team.has(manager_id):
            give_out(tx, team.id, actor=SYSTEM)


def give_out_all(tx: Tx) -> int:
    """Gives out dialogs that could not be given when a member became free, because they were locked. Called by the
    timer.
    """
    return sum(give_out(tx, team.id, actor=SYSTEM) for team in _teams_that_give(tx))


def give_out_waiting(tx: Tx, event: Event) -> None:
    """Gives the former assignee another dialog; a dialog whose assignee left the desk waits in its team again."""
    former = event.before.assignee if event.before is not None else None
    if former is None or not _teams_that_give(tx):
        return
    if event.data.get("cause") == LEFT_DESK and event.dialog_id is not None:
        team_dialogs.wait_again(tx, event.dialog_id)
        _give_out_again(tx, dialogs.of_event(tx, event))
    give_out_to(tx, former.id)


def _give_out_again(tx: Tx, dialog: Dialog) -> None:
    team = teams.find(tx, dialog.team) if dialog.team is not None else None
    if team is not None:
        give_out(tx, team.id, actor=SYSTEM)


def _teams_that_give(tx: Tx) -> list[Team]:
    return [team for team in teams.list_all(tx) if team.routing != MANUAL]


def _free_member(tx: Tx, team: Team, dialog: Dialog) -> Manager | None:
    last = team_dialogs.last_handler(tx, dialog) if prefers_last_handler(tx) else None
    chosen = choose_member(team, teams.candidates(tx, team), last_handler=last)
    return managers.by_id(tx, chosen) if chosen is not None else None


def _give(tx: Tx, team: Team, dialog: Dialog, member: Manager, actor: Actor) -> None:
    teams.take_turn(tx, team.id, member.id)
    participants.set_assignee(tx, dialog, member, actor=actor, cause=ROUTED)
    places.ensure_for_dialog(tx, dialogs.by_id(tx, dialog.id))
