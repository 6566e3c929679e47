"""Who may be added to the desk, what may be changed about a manager, and what follows from a change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from holdline.dialogs.manager import PERMISSIONS, ROLES, Manager
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.choices import require_one_of
from holdline.dialogs.text.wording import one_line
from holdline.texts import LANGUAGES

FIELDS = ("name", "role", "ready", "language", "active", "permissions")
OWN = frozenset({"ready", "language"})
RIGHTS = frozenset({"role", "permissions", "active"})
NOT_PEOPLE = frozenset({777000, 1087968824, 136817688})
"""Telegram's own accounts: its notices, @GroupAnonymousBot and @Channel_Bot (Bot API, Message.from)."""
_MOST = 2**52  # Telegram: an id has at most 52 significant bits

AdditionOutcome = Literal["added", "back", "already"]


@dataclass(frozen=True, slots=True)
class StaffChange:
    """The fields to store for a manager, and what follows from the change."""

    fields: Mapping[str, Any]
    leaves: bool
    returns: bool
    concerns_rights: bool


def valid_telegram_id(telegram_id: object, *, bot_id: int) -> int:
    """A person's id. Raises BadInput for the bot's own id and for Telegram's own accounts."""
    if isinstance(telegram_id, bool) or not isinstance(telegram_id, int) or not 0 < telegram_id < _MOST:
        raise BadInput("telegram_id", "mends.telegram_id")
    if telegram_id == bot_id or telegram_id in NOT_PEOPLE:
        raise BadInput("telegram_id", "mends.bot_as_manager")
    return telegram_id


def outcome_of_adding(before: Manager | None) -> AdditionOutcome:
    """`back`: the person had left the desk before."""
    if before is None:
        return "added"
    return "already" if before.active else "back"


def changes_by_adding(wanted: Mapping[str, Any], *, is_configured: bool) -> dict[str, Any]:
    """The changes if the person already exists. A manager named in the configuration keeps the rights that it gives."""
    return {"name": wanted["name"]} if is_configured else {**wanted, "active": True}


def is_own_setting(fields: Iterable[str], *, manager_id: int, by: Manager | None) -> bool:
    """Whether these are the manager's own readiness and language. Other fields need the right to edit managers."""
    return by is not None and by.id == manager_id and OWN.issuperset(fields)


def refuse_if_configured(person: Manager, fields: Iterable[str] = RIGHTS, *, admins: Sequence[int]) -> None:
    """Raises BadInput: rights given by the configuration can only be changed there."""
    if person.telegram_id in admins and not RIGHTS.isdisjoint(fields):
        raise BadInput("role", "mends.configured_admin", id=person.telegram_id)


def change_person(before: Manager, changes: Mapping[str, Any], *, at: datetime) -> StaffChange:
    """The fields to store. A manager who leaves the desk is no longer ready and no longer in a dialog."""
    leaves = before.active and changes.get("active") is False
    fields = dict(changes)
    if "ready" in changes:
        fields |= presence_fields(ready=changes["ready"], at=at)
    if leaves:
        fields |= {"ready": False, "away_at": None, "entered_dialog_id": None}
    return StaffChange(
        fields,
        leaves=leaves,
        returns=not before.active and changes.get("active") is True,
        concerns_rights=not RIGHTS.isdisjoint(changes),
    )


def presence_fields(*, ready: bool, at: datetime) -> dict[str, Any]:
    """The fields to store after /ready or /away. Each holds until the other is given."""
    return {"ready": ready, "away_at": None if ready else at}


def refuse_without_editor(editors: Sequence[Manager], *, by: Manager | None) -> None:
    """Checked after a change: the desk must keep one person who may edit rights. Does not apply to an API key."""
    if by is not None and not editors:
        raise BadInput("role", "mends.last_editor")


def valid_changes(changes: Mapping[str, object]) -> dict[str, Any]:
    """The values as they are stored. BadInput names the first that is invalid."""
    return {field: _valid(field, value) for field, value in changes.items()}


def valid_role(role: str) -> str:
    return require_one_of(role, ROLES, field="role")


def valid_permission(permission: str) -> str:
    return require_one_of(permission, PERMISSIONS, field="permission")


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
            return require_one_of(str(value), LANGUAGES, field=field)
        case "permissions":
            return _valid_permissions(value)
    raise BadInput(field, "mends.one_of", choices=", ".join(FIELDS))


def _valid_permissions(value: object) -> frozenset[str] | None:
    if value is None:
        return None
    if not isinstance(value, list | tuple | set | frozenset):
        raise BadInput("permissions", "mends.list")
    return frozenset(valid_permission(str(name)) for name in value)
