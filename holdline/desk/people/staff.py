"""Adding, changing and removing managers, and what happens to their dialogs when they leave."""

from typing import Any

from holdline.desk.notices.alarms import notify_editors
from holdline.desk.notices.places import staff_group
from holdline.desk.people.customer_colleagues import notify_of_own_dialogs
from holdline.desk.people.leaving import end_access, notify_former_manager
from holdline.desk.people.rights_notices import notify_of_own_rights
from holdline.desk.people.roles import lock_role_changes, require_an_editor
from holdline.desk.teams.routing import give_out_to
from holdline.dialogs.decisions import staff as rules
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.text.wording import one_line
from holdline.store.people import admin_log, leaving, managers, memberships
from holdline.store.tx import Tx, to_micros


def add_manager(tx: Tx, *, acting: Manager | None, telegram_id: int, name: str, role: str) -> Manager:
    """Adds a manager. Somebody who is already there gets this name and role, and is active again if they had left."""
    lock_role_changes(tx, acting)
    person_id = rules.valid_telegram_id(telegram_id, bot_id=tx.bot_id)
    wanted = {"name": one_line(name, field="name"), "role": rules.valid_role(role)}
    manager = managers.by_telegram_id(tx, person_id)
    if manager is None:
        added = managers.insert(tx, telegram_id=person_id, name=wanted["name"], role=wanted["role"])
        admin_log.add(tx, acting, "manager_added", about=_object_name(added), after=wanted)
        notify_of_own_dialogs(tx, joined=added, by=acting)
        return added
    is_configured = person_id in tx.rules.admins
    return _apply_changes(tx, acting, manager, rules.changes_by_adding(wanted, is_configured=is_configured))


def change_manager(tx: Tx, *, acting: Manager | None, manager_id: int, changes: dict[str, Any]) -> Manager:
    """Changes a manager. Keys: name, role, ready, language, active, permissions (a list, or None to follow the role
    again). Everybody may set their own `ready` and `language`; the rest needs `managers.edit`.
    """
    if not rules.is_own_setting(changes, manager_id=manager_id, by=acting):
        lock_role_changes(tx, acting)
    manager = leaving.lock_before_leaving(tx, manager_id)
    if manager is None:
        raise NotFound("manager", manager_id)
    rules.refuse_if_configured(manager, changes, admins=tx.rules.admins)
    return _apply_changes(tx, acting, manager, rules.valid_changes(changes))


def managers_page(tx: Tx, *, after: int = 0, limit: int = 50) -> list[Manager]:
    """All managers by id, including former ones."""
    return managers.page(tx, after=after, limit=limit)


def _apply_changes(tx: Tx, acting: Manager | None, before: Manager, changes: dict[str, Any]) -> Manager:
    change = rules.change_person(before, changes, at=tx.at)
    after = managers.update(tx, before.id, **change.fields)
    if change.leaves:
        end_access(tx, leaver=before, by=acting)
        notify_former_manager(tx, before)
        _warn_of_remaining_member(tx, after)
    if after.ready and not before.ready:
        give_out_to(tx, after.id)
    if change.returns:
        notify_of_own_dialogs(tx, joined=after, by=acting)
    if change.concerns_rights:
        require_an_editor(tx, acting)
        memberships.forget_doubtful_end(tx, after.id)
    if after != before:
        admin_log.add(
            tx,
            acting,
            "manager_changed",
            about=_object_name(after),
            before=_log_fields(before),
            after=_log_fields(after),
        )
        notify_of_own_rights(tx, before, after, by=acting)
    return after


def _warn_of_remaining_member(tx: Tx, former: Manager) -> None:
    """Warns that a former manager is still in the group: a bot cannot hide topics from a group's members, so somebody
    has to remove them.
    """
    group = staff_group(tx)
    if group and memberships.is_member(tx, former.id, group):
        words = {"name": former.name, "id": former.telegram_id}
        notify_editors(tx, "desk_notices.still_reads_group", words, cause=f"{former.id}:{to_micros(tx.at)}")


def _object_name(manager: Manager) -> str:
    return f"manager:{manager.id}"


def _log_fields(manager: Manager) -> dict[str, object]:
    return {
        "name": manager.name,
        "role": manager.role,
        "permissions": sorted(manager.permissions),
        "active": manager.active,
    }
