"""In which time zone a manager reads moments: their own, else the desk's."""

from holdline.dialogs.manager import Manager
from holdline.store.tx import Tx


def time_zone_of(tx: Tx, manager: Manager) -> str:
    return manager.time_zone or tx.rules.time_zone
