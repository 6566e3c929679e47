"""The desk's teams, and who may edit them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from holdline.desk.people.managers import require_permission
from holdline.desk.people.participants import lock_colleague
from holdline.desk.settings.free_name import free_name
from holdline.desk.teams.routing import PREFER_LAST_HANDLER, give_out, prefers_last_handler
from holdline.dialogs.decisions.team import Team, valid_capacity, valid_routing
from holdline.dialogs.event import SYSTEM
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act
from holdline.store.people import admin_log
from holdline.store.people import teams as rows
from holdline.store.screens import settings
from holdline.store.tx import Tx

_FIELDS = ("name", "routing", "capacity")


def team_page(tx: Tx) -> list[Team]:
    """All teams, the oldest first; desks have few."""
    return rows.list_all(tx)


def add_team(tx: Tx, *, manager: Manager | None, fields: dict[str, Any]) -> Team:
    """Adds a team. `fields`: name, and any of routing, capacity, members (Telegram ids)."""
    require_permission(tx, manager, Act.EDIT_DESK)
    values = {name: _valid(tx, name, fields.get(name)) for name in _FIELDS}
    members = _member_ids(tx, fields.get("members") or ())
    team_id = rows.insert(tx, **values)
    rows.set_members(tx, team_id, members)
    admin_log.add(tx, manager, "team_added", about=f"team:{team_id}", after=values["name"])
    return rows.by_id(tx, team_id)


def change_team(tx: Tx, *, manager: Manager | None, team_id: int, changes: dict[str, Any]) -> Team:
    """Changes the given fields; members are replaced as a whole. Members who are free now get waiting dialogs."""
    require_permission(tx, manager, Act.EDIT_DESK)
    team = rows.by_id(tx, team_id)
    given = [name for name in _FIELDS if name in changes]
    after = replace(team, **{name: _valid(tx, name, changes[name], besides=team) for name in given})
    members = _member_ids(tx, changes["members"]) if "members" in changes else None
    if after != team:
        rows.update(tx, after)
    if members is not None:
        rows.set_members(tx, team_id, members)
    admin_log.add(tx, manager, "team_changed", about=f"team:{team_id}", before=team.name, after=after.name)
    give_out(tx, team_id, actor=SYSTEM)
    return rows.by_id(tx, team_id)


def delete_team(tx: Tx, *, manager: Manager | None, team_id: int) -> None:
    """Deletes the team: dialogs keep its name, but are not given out any longer."""
    require_permission(tx, manager, Act.EDIT_DESK)
    team = rows.by_id(tx, team_id)
    rows.soft_delete(tx, team_id)
    admin_log.add(tx, manager, "team_deleted", about=f"team:{team_id}", before=team.name)


def switch_last_handler_preference(tx: Tx, *, manager: Manager | None) -> None:
    """Turns the preference on or off, for all teams of the desk."""
    require_permission(tx, manager, Act.EDIT_DESK)
    before = prefers_last_handler(tx)
    settings.put(tx, PREFER_LAST_HANDLER, not before)
    about = f"settings:{PREFER_LAST_HANDLER}"
    admin_log.add(
        tx, manager, "last_handler_preference_switched", about=about, before=before, after=not before
    )


def _valid(tx: Tx, name: str, value: Any, *, besides: Team | None = None) -> Any:
    match name:
        case "name":
            return free_name(value, [other.name for other in rows.list_all(tx) if other != besides])
        case "routing":
            return valid_routing(value)
    return valid_capacity(value)


def _member_ids(tx: Tx, telegram_ids: Sequence[int]) -> list[int]:
    return [lock_colleague(tx, telegram_id).id for telegram_id in dict.fromkeys(telegram_ids)]
