"""The time zone in which a manager reads times: their own, otherwise the desk's."""

from holdline.desk.people.managers import require_active
from holdline.dialogs.manager import Manager
from holdline.dialogs.text.times import require_zone
from holdline.store.people import managers
from holdline.store.tx import Tx


def time_zone_of(tx: Tx, manager: Manager) -> str:
    """The time zone as set now; the given manager may have been read earlier."""
    now = managers.by_id(tx, manager.id)
    return (now.time_zone if now else None) or tx.rules.time_zone


def set_time_zone(tx: Tx, *, manager: Manager, name: str | None) -> None:
    """Sets the manager's own time zone; None follows the desk again."""
    require_active(tx, manager)
    require_zone(name or tx.rules.time_zone)
    managers.update(tx, manager.id, time_zone=name)
