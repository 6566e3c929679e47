"""The rights of each role; each right can be granted or withdrawn by name (L-70)."""

from holdline.desk.people.managers import require_permission
from holdline.desk.people.rights_notices import notify_role
from holdline.dialogs.decisions import staff as rules
from holdline.dialogs.manager import ROLES, Manager
from holdline.dialogs.rights import Act
from holdline.store.people import admin_log, managers
from holdline.store.people import roles as role_rows
from holdline.store.screens import settings
from holdline.store.tx import Tx


def roles(tx: Tx) -> dict[str, frozenset[str]]:
    """Every role with its current rights, from the least to the most powerful."""
    now = role_rows.permissions(tx)
    return {role: now[role] for role in ROLES}


def set_role_permission(
    tx: Tx, *, manager: Manager | None, role: str, permission: str, granted: bool
) -> frozenset[str]:
    """Grants or withdraws a right; returns the role's rights afterwards. It takes effect at the next act of anybody
    with the role, and they are notified.
    """
    lock_role_changes(tx, manager)
    named = {rules.valid_permission(permission)}
    before = role_rows.lock_permissions(tx, rules.valid_role(role))
    after = before | named if granted else before - named
    if after == before:
        return before
    role_rows.put(tx, role, after)
    require_an_editor(tx, manager)
    what = "permission_granted" if granted else "permission_withdrawn"
    admin_log.add(tx, manager, what, about=f"role:{role}", before=sorted(before), after=sorted(after))
    notify_role(tx, role, by=manager)
    return after


def lock_role_changes(tx: Tx, manager: Manager | None) -> None:
    """Allows one change of rights at a time, so that two administrators cannot demote each other at once."""
    settings.lock(tx, "rights")
    require_permission(tx, manager, Act.EDIT_PEOPLE)


def require_an_editor(tx: Tx, manager: Manager | None) -> None:
    """Called after a change: refuses it, which undoes it, if nobody is left who may edit rights."""
    rules.refuse_without_editor(managers.list_permitted(tx, Act.EDIT_PEOPLE), by=manager)
