"""Settings → Teams: a typed line adds a team. Members, routing and capacity are set by taps."""

from holdline.desk.teams.routing import prefers_last_handler
from holdline.desk.teams.teams import add_team, change_team, delete_team, switch_last_handler_preference
from holdline.dialogs.decisions.team import ROUTINGS, Team
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.rights import Act
from holdline.dialogs.text.splitting import inline
from holdline.dialogs.verbs import parse_number
from holdline.screens.forms import picker
from holdline.screens.forms.form import Form
from holdline.screens.keyboards import Button
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.people import teams
from holdline.store.tx import Tx
from holdline.texts import say

ACT = Act.EDIT_DESK
CAPACITIES = (0, 1, 2, 3, 5, 8, 12, 20)
"""0 means no limit."""


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    """All teams, or the open one: `step` is teams, teams/12 or teams/12/delete."""
    number, asked = _team_of_step(form)
    if number:
        team = teams.by_id(tx, number)
        if asked:
            return _delete_question(form, manager, team)
        return _team_screen(tx, form, manager, team)
    language = manager.language
    choices = [(team.id, f"👥 {team.name}") for team in teams.list_all(tx)]
    prefer = form.button(_with_tick(prefers_last_handler(tx), say("teams.prefer_last", language)), "prefer")
    rows = [
        *picker.keyboard(form, "team", choices, ()),
        [prefer],
        [form.button(say("windows.menu", language), "menu")],
    ]
    form.awaits = True
    return screen_with_title(say("windows.settings_teams", language), say("teams.hint", language), rows=rows)


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> None:
    number, _ = _team_of_step(form)
    if action == "team":
        _show(form, f"teams/{parse_number(arg)}")
    elif action == "prefer":
        switch_last_handler_preference(tx, manager=manager)
    elif number and action in ("delete", "keep"):
        form.step = f"teams/{number}/delete" if action == "delete" else f"teams/{number}"
    elif number and action == "delete!":
        delete_team(tx, manager=manager, team_id=number)
        _show(form, "teams")
    elif number and action in ("routing", "capacity", "member"):
        _change(tx, manager, teams.by_id(tx, number), action, arg)
    else:
        _show(form, "teams")


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> None:
    added = add_team(tx, manager=manager, fields={"name": content.text})
    _show(form, f"teams/{added.id}")


def _team_of_step(form: Form) -> tuple[int, bool]:
    """The open team, or 0; and whether its deletion is being confirmed."""
    _, _, opened = form.step.partition("/")
    number, _, asked = opened.partition("/")
    return int(number or 0), bool(asked)


def _show(form: Form, step: str) -> None:
    """Opens that step on its first page."""
    form.step, form.values["first"] = step, 0


def _change(tx: Tx, manager: Manager, team: Team, action: str, arg: str) -> None:
    match action:
        case "routing":
            change_team(tx, manager=manager, team_id=team.id, changes={"routing": arg})
        case "capacity":
            change_team(tx, manager=manager, team_id=team.id, changes={"capacity": parse_number(arg) or None})
        case _:
            members = [member.person.telegram_id for member in team.members]
            person = parse_number(arg)
            kept = [each for each in members if each != person]
            changes = {"members": kept if person in members else [*members, person]}
            change_team(tx, manager=manager, team_id=team.id, changes=changes)


def _team_screen(tx: Tx, form: Form, manager: Manager, team: Team) -> Screen:
    language = manager.language
    people = [
        (person.telegram_id, _with_tick(team.has(person.id), person.name))
        for person in picker.active_managers(tx)
    ]
    routings = [
        [form.button(_with_tick(team.routing == each, say(f"teams.{each}", language)), "routing", each)]
        for each in ROUTINGS
    ]
    back = [
        form.button(say("teams.delete", language), "delete"),
        form.button(say("windows.back", language), "list"),
    ]
    rows = [*picker.keyboard(form, "member", people, ()), *routings, *_capacity_rows(form, team), back]
    return screen_with_title(
        f"👥 {inline(team.name)}", say("teams.who", language), say("teams.how", language), rows=rows
    )


def _delete_question(form: Form, manager: Manager, team: Team) -> Screen:
    language = manager.language
    sure = form.button(say("windows.delete_yes", language), "delete!")
    keep = form.button(say("windows.keep", language), "keep")
    head, ask = (
        say("windows.settings_teams", language),
        say("windows.delete_ask", language, name=inline(team.name)),
    )
    return screen_with_title(head, ask, rows=[[sure, keep]])


def _capacity_rows(form: Form, team: Team) -> list[list[Button]]:
    buttons = [
        form.button(_with_tick((team.capacity or 0) == each, str(each or "∞")), "capacity", each)
        for each in CAPACITIES
    ]
    return [buttons[:4], buttons[4:]]


def _with_tick(is_on: bool, caption: str) -> str:
    return f"✅ {caption}" if is_on else caption
