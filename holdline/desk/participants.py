"""Who comes into a dialog belongs to the desk until the unit ends: of two who meet, the later one sees the other."""

from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotAllowed, NotFound
from holdline.store import dialogs, managers
from holdline.store.tx import Tx


def colleague(tx: Tx, telegram_id: int) -> Manager:
    """The manager with that id, for a dialog that is given to them; NotFound where nobody of the desk has it."""
    found = managers.lock_active(tx, telegram_id)
    if found is None:
        raise NotFound("manager", telegram_id)
    return found


def refuse_if_left(tx: Tx, manager: Manager) -> None:
    """Unlike `present` it lasts: the manager stays until the end of the unit. Asked after chats are locked."""
    if managers.lock_active(tx, manager.telegram_id) is None:
        raise NotAllowed("active", because="left_desk")


def add_participant(tx: Tx, dialog_id: int, manager: Manager) -> bool:
    """The one door into a dialog; whether the manager did not take part before."""
    refuse_if_left(tx, manager)
    return dialogs.add_participant(tx, dialog_id, manager.id)
