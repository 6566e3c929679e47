"""Notices to managers whose role or rights somebody else has changed; each expires after a day."""

from datetime import timedelta

from holdline.dialogs.address import Address
from holdline.dialogs.manager import Manager
from holdline.dialogs.outbox.messages import DeskNotice
from holdline.dialogs.outgoing import Outgoing
from holdline.store.delivery import outbox
from holdline.store.people import managers
from holdline.store.tx import Tx, to_micros

EXPIRES_AFTER = timedelta(days=1)
ROLE_PAUSE = timedelta(minutes=1)
"""An administrator taps several rights of a role one after another: its managers get one notice."""


def notify_of_own_rights(tx: Tx, before: Manager, after: Manager, *, by: Manager | None) -> None:
    """Notifies a manager of a new role or of new rights of their own; not one who leaves or returns."""
    if not (before.active and after.active) or _is_same(after, by):
        return
    if before.role != after.role:
        notice = DeskNotice("desk_notices.role_changed", {"role": {"key": f"windows.role_{after.role}"}})
    elif before.permissions != after.permissions:
        notice = DeskNotice("desk_notices.rights_changed")
    else:
        return
    expires_at = tx.at + EXPIRES_AFTER
    outbox.add(tx, [Outgoing(Address(after.telegram_id), notice, _key(tx, after), expires_at=expires_at)])


def notify_role(tx: Tx, role: str, *, by: Manager | None) -> None:
    """Notifies every manager whose rights follow this role that they have changed."""
    due_at = tx.at + ROLE_PAUSE
    outbox.add(
        tx,
        [
            Outgoing(
                to=Address(manager.telegram_id),
                item=DeskNotice("desk_notices.rights_changed"),
                key=_key(tx, manager),
                due_at=due_at,
                expires_at=due_at + EXPIRES_AFTER,
                collapse_key=f"role_rights:{manager.id}",
            )
            for manager in managers.list_followers_of_role(tx, role)
            if not _is_same(manager, by)
        ],
    )


def _key(tx: Tx, reader: Manager) -> str:
    return f"rights:{reader.id}:{to_micros(tx.at)}"


def _is_same(manager: Manager, by: Manager | None) -> bool:
    return by is not None and by.id == manager.id
