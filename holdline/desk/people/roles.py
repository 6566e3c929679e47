"""Which role may do what; every right can be granted or withdrawn by name (L-70)."""

from holdline.desk.people.managers import require_permission
from holdline.dialogs.manager import PERMISSIONS, ROLES, Manager
from holdline.dialogs.refusal import BadInput
from holdline.store.people import admin_log, managers
from holdline.store.people import roles as role_rows
from holdline.store.screens import settings
from holdline.store.tx import Tx

EDITORS = "managers.edit"


def roles(tx: Tx) -> dict[str, frozenset[str]]:
    """Every role with its rights now, in the order of growing power."""
    now = role_rows.permissions(tx)
    return {role: now[role] for role in ROLES}


def set_role_permission(
    tx: Tx, *, manager: Manager | None, role: str, permission: str, granted: bool
) -> frozenset[str]:
    """The role's rights afterwards; they hold from the next thing anybody with the role does."""
    lock_role_changes(tx, manager)
    named = {valid_permission(permission)}
    before = role_rows.lock_permissions(tx, valid_role(role))
    after = before | named if granted else before - named
    if after == before:
        return before
    role_rows.put(tx, role, after)
    require_an_editor(tx, manager)
    what = "permission_granted" if granted else "permission_withdrawn"
    admin_log.add(tx, manager, what, about=f"role:{role}", before=sorted(before), after=sorted(after))
    return after


def lock_role_changes(tx: Tx, manager: Manager | None) -> None:
    """One change of rights at a time, so that two administrators cannot demote each other at once."""
    settings.lock(tx, "rights")
    require_permission(tx, manager, EDITORS)


def valid_role(role: str) -> str:
    if role not in ROLES:
        raise BadInput("role", "mends.one_of", choices=", ".join(ROLES))
    return role


def valid_permission(permission: str) -> str:
    if permission not in PERMISSIONS:
        raise BadInput("permission", "mends.one_of", choices=", ".join(PERMISSIONS))
    return permission


def require_an_editor(tx: Tx, manager: Manager | None) -> None:
    """Asked after a change: the desk never loses the last person who may edit rights. A key needs nobody."""
    if manager is not None and not managers.with_permission(tx, EDITORS):
        raise BadInput("role", "mends.last_editor")
