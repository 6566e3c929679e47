"""The people of the desk: who belongs to it, as what, and what happens to their dialogs when they leave."""

from typing import Any

from holdline.desk.notices.alarms import tell_editors
from holdline.desk.notices.places import staff_group
from holdline.desk.people import presence
from holdline.desk.people.customer_colleagues import tell_of_own_dialogs
from holdline.desk.people.leaving import end_access, tell_leaver
from holdline.desk.people.roles import lock_role_changes, require_an_editor, valid_permission, valid_role
from holdline.desk.teams.routing import give_out_to
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.text.wording import one_line
from holdline.store.people import admin_log, leaving, managers, memberships
from holdline.store.tx import Tx, to_micros
from holdline.texts import LANGUAGES

OWN = frozenset({"ready", "language"})
RIGHTS = frozenset({"role", "permissions", "active"})
NOT_PEOPLE = frozenset({777000, 1087968824, 136817688})
"""Telegram's own: its notices, @GroupAnonymousBot and @Channel_Bot (Bot API, Message.from)."""
_MOST = 2**52  # Telegram: an id has at most 52 significant bits


def add_manager(tx: Tx, *, acting: Manager | None, telegram_id: int, name: str, role: str) -> Manager:
    """Somebody who is there already gets this name and role, and is back if they had left."""
    lock_role_changes(tx, acting)
    if isinstance(telegram_id, bool) or not isinstance(telegram_id, int) or not 0 < telegram_id < _MOST:
        raise BadInput("telegram_id", "mends.telegram_id")
    if telegram_id == tx.bot_id or telegram_id in NOT_PEOPLE:
        raise BadInput("telegram_id", "mends.bot_as_manager")
    wanted = {"name": one_line(name, field="name"), "role": valid_role(role)}
    manager = managers.by_telegram_id(tx, telegram_id)
    if manager is None:
        added = managers.insert(tx, telegram_id=telegram_id, name=wanted["name"], role=role)
        admin_log.add(tx, acting, "manager_added", about=_about(added), after=wanted)
        tell_of_own_dialogs(tx, joined=added, by=acting)
        return added
    if _is_configured(tx, manager):
        return _apply_changes(tx, acting, manager, {"name": wanted["name"]})
    return _apply_changes(tx, acting, manager, {**wanted, "active": True})


def change_manager(tx: Tx, *, acting: Manager | None, manager_id: int, changes: dict[str, Any]) -> Manager:
    """Keys: name, role, ready, language, active, permissions (a list, or None to follow the role again).

    Everybody sets their own `ready` and `language`; the rest needs `managers.edit`.
    """
    if acting is None or acting.id != manager_id or set(changes) - OWN:
        lock_role_changes(tx, acting)
    manager = leaving.lock_before_leaving(tx, manager_id)
    if manager is None:
        raise NotFound("manager", manager_id)
    if RIGHTS & set(changes):
        refuse_if_configured(tx, manager)
    return _apply_changes(
        tx, acting, manager, {field: _valid(field, value) for field, value in changes.items()}
    )


def refuse_if_configured(tx: Tx, person: Manager) -> None:
    """Rights that the configuration gives are changed there alone."""
    if _is_configured(tx, person):
        raise BadInput("role", "mends.configured_admin", id=person.telegram_id)


def managers_page(tx: Tx, *, after: int = 0, limit: int = 50) -> list[Manager]:
    """Everybody, those who left too; by id."""
    return managers.page(tx, after=after, limit=limit)


def _apply_changes(tx: Tx, acting: Manager | None, before: Manager, changes: dict[str, Any]) -> Manager:
    leaves = before.active and changes.get("active") is False
    returns = not before.active and changes.get("active") is True
    presence_changes = (
        presence.presence_fields(tx, ready=bool(changes["ready"])) if "ready" in changes else {}
    )
    left_behind = {"ready": False, "away_at": None, "entered_dialog_id": None} if leaves else {}
    after = managers.update(tx, before.id, **{**changes, **presence_changes, **left_behind})
    if leaves:
        end_access(tx, leaver=before, by=acting)
        tell_leaver(tx, before)
        _tell_who_still_reads(tx, after)
    if after.ready and not before.ready:
        give_out_to(tx, after.id)
    if returns:
        tell_of_own_dialogs(tx, joined=after, by=acting)
    if RIGHTS & set(changes):
        require_an_editor(tx, acting)
        memberships.forget_doubtful_end(tx, after.id)
    if after != before:
        admin_log.add(
            tx,
            acting,
            "manager_changed",
            about=_about(after),
            before=_log_fields(before),
            after=_log_fields(after),
        )
    return after


def _tell_who_still_reads(tx: Tx, former: Manager) -> None:
    """A bot cannot hide a group's topics from its members: somebody has to remove the person there."""
    group = staff_group(tx)
    if group and memberships.is_member(tx, former.id, group):
        words = {"name": former.name, "id": former.telegram_id}
        tell_editors(tx, "desk_notices.still_reads_group", words, cause=f"{former.id}:{to_micros(tx.at)}")


def _valid(field: str, value: object) -> object:
    match field:
        case "name":
            return one_line(value, field=field)
        case "role":
            return valid_role(str(value))
        case "ready" | "active":
            if not isinstance(value, bool):
                raise BadInput(field, "mends.yes_or_no")
            return value
        case "language":
            if value not in LANGUAGES:
                raise BadInput(field, "mends.one_of", choices=", ".join(LANGUAGES))
            return value
        case "permissions":
            return _permissions(value)
    raise BadInput(field, "mends.one_of", choices="name, role, ready, language, active, permissions")


def _permissions(value: object) -> frozenset[str] | None:
    if value is None:
        return None
    if not isinstance(value, list | tuple | set | frozenset):
        raise BadInput("permissions", "mends.list")
    return frozenset(valid_permission(str(name)) for name in value)


def _is_configured(tx: Tx, manager: Manager) -> bool:
    return manager.telegram_id in tx.rules.admins


def _about(manager: Manager) -> str:
    return f"manager:{manager.id}"


def _log_fields(manager: Manager) -> dict[str, object]:
    return {
        "name": manager.name,
        "role": manager.role,
        "permissions": sorted(manager.permissions),
        "active": manager.active,
    }
