"""Who acts: the manager behind a Telegram id, and the administrators that the configuration names."""

from holdline.dialogs.customer import Sender
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotAllowed, NotFound
from holdline.store import managers
from holdline.store.tx import Tx

UNNAMED = "Administrator"


def manager_by_telegram_id(tx: Tx, *, telegram_id: int) -> Manager | None:
    """Only reads, so it fits a snapshot; somebody who left the desk is nobody here."""
    found = managers.by_telegram_id(tx, telegram_id)
    return found if found is not None and found.active else None


def acting(tx: Tx, telegram_id: int) -> Manager:
    """The manager in whose name something is done; NotFound for strangers, NotAllowed for those who left."""
    found = managers.by_telegram_id(tx, telegram_id)
    if found is None and telegram_id in tx.rules.admins:
        found = managers.insert(tx, telegram_id=telegram_id, name=UNNAMED, role="admin")
    if found is None:
        raise NotFound("manager", telegram_id)
    if not found.active:
        raise NotAllowed("active", because="left_desk")
    return found


def ensure_admins(tx: Tx) -> None:
    """Run at every start: an id that is new in `telegram.admins` works at once."""
    for telegram_id in tx.rules.admins:
        found = managers.by_telegram_id(tx, telegram_id)
        if found is None:
            managers.insert(tx, telegram_id=telegram_id, name=UNNAMED, role="admin")
        else:
            managers.update(tx, found.id, active=True)  # whoever had left is named again


def manager_met(tx: Tx, *, sender: Sender) -> Manager | None:
    """What Telegram tells about a manager: the username, and a name for an administrator who had none yet."""
    found = manager_by_telegram_id(tx, telegram_id=sender.telegram_id)
    if found is None:
        return None
    name = sender.name if found.name == UNNAMED and sender.name else found.name
    return managers.update(tx, found.id, name=name, username=sender.username)


def allow(tx: Tx, manager: Manager | None, permission: str) -> None:
    """NotAllowed unless the manager has the right now, in this unit; None is the owner of an admin key."""
    if manager is not None:
        present(tx, manager).must(permission)


def present(tx: Tx, manager: Manager) -> Manager:
    """The manager as of now: whoever was shown out since the update arrived does nothing more."""
    now = managers.by_id(tx, manager.id)
    if now is None or not now.active:
        raise NotAllowed("active", because="left_desk")
    return now
