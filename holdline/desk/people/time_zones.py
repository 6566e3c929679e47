"""In which time zone a manager reads moments: their own, else the desk's."""

from holdline.desk.people.managers import require_active
from holdline.dialogs.manager import Manager
from holdline.dialogs.text.times import require_zone
from holdline.store.people import managers
from holdline.store.tx import Tx


def time_zone_of(tx: Tx, manager: Manager) -> str:
    """As it is set now; a form may be older than that."""
    now = managers.by_id(tx, manager.id)
    return (now.time_zone if now else None) or tx.rules.time_zone


def set_time_zone(tx: Tx, *, manager: Manager, name: str | None) -> None:
    """One's own; None follows the desk again."""
    require_active(tx, manager)
    require_zone(name or tx.rules.time_zone)
    managers.update(tx, manager.id, time_zone=name)
