"""The manager behind a Telegram id, and the administrators named in the configuration."""

from dataclasses import replace

from holdline.dialogs.customer import MessageSender
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotAllowed, NotFound
from holdline.dialogs.rights import Act, require_allowed
from holdline.store.people import managers
from holdline.store.tx import Tx

UNNAMED = "Administrator"


def manager_by_telegram_id(tx: Tx, *, telegram_id: int) -> Manager | None:
    """The active manager, or None; a former manager counts as none. Only reads, so it may run in a snapshot."""
    manager = managers.by_telegram_id(tx, telegram_id)
    return manager if manager is not None and manager.active else None


def get_acting_manager(tx: Tx, telegram_id: int) -> Manager:
    """The manager in whose name something is done. Raises NotFound for strangers, NotAllowed for former managers."""
    manager = managers.by_telegram_id(tx, telegram_id)
    if manager is None and telegram_id in tx.rules.admins:
        manager = managers.insert(tx, telegram_id=telegram_id, name=UNNAMED, role="admin")
    if manager is None:
        raise NotFound("manager", telegram_id)
    if not manager.active:
        raise NotAllowed("active", because="left_desk")
    return manager


def ensure_admins(tx: Tx) -> None:
    """Run at every start: a new id in `telegram.admins` works at once."""
    for telegram_id in tx.rules.admins:
        manager = managers.by_telegram_id(tx, telegram_id)
        if manager is None:
            managers.insert(tx, telegram_id=telegram_id, name=UNNAMED, role="admin")
        else:
            managers.update(tx, manager.id, active=True)  # a former manager is configured again


def with_telegram_profile(manager: Manager, sender: MessageSender) -> Manager:
    """The manager with Telegram's name and app language, if nobody has set these."""
    name = sender.name if manager.name == UNNAMED and sender.name else manager.name
    if not manager.language_is_default or not sender.language:
        return replace(manager, name=name)
    return replace(manager, name=name, language=sender.language, language_is_default=False)


def store_telegram_profile(tx: Tx, *, sender: MessageSender) -> None:
    """Stores the same at the manager's message or press; writes nothing if nothing is new."""
    manager = manager_by_telegram_id(tx, telegram_id=sender.telegram_id)
    if manager is None:
        return
    profile = with_telegram_profile(manager, sender)
    if profile != manager:
        changes = {
            "name": profile.name,
            "language": profile.language,
            "language_is_default": profile.language_is_default,
        }
        managers.update(tx, manager.id, username=sender.username, **changes)


def require_permission(tx: Tx, manager: Manager | None, act: Act) -> None:
    """Raises NotAllowed unless the manager may do this now, as read in this transaction; None means the owner of
    an admin key.
    """
    if manager is not None:
        require_allowed(require_active(tx, manager), act)


def require_active(tx: Tx, manager: Manager) -> Manager:
    """The manager as stored now. Raises NotAllowed if they left the desk since the update arrived."""
    now = managers.by_id(tx, manager.id)
    if now is None or not now.active:
        raise NotAllowed("active", because="left_desk")
    return now


def manager_name(tx: Tx, manager_id: int) -> str:
    """The manager's name at the desk, or "?"."""
    manager = managers.by_id(tx, manager_id)
    return manager.name if manager else "?"
