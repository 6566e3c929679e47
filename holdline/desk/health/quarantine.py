"""Quarantined updates: administrators are notified in their own chats and can let them be tried again."""

from datetime import timedelta
from typing import Any

from holdline.desk.people.managers import require_permission
from holdline.dialogs.address import Address
from holdline.dialogs.manager import Manager
from holdline.dialogs.outbox.item import ALARM_DAYS
from holdline.dialogs.outbox.messages import DeskNotice
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.rights import Act
from holdline.dialogs.verbs import DeskVerb, button_data
from holdline.store.delivery import outbox
from holdline.store.intake import inbox
from holdline.store.people import admin_log, managers
from holdline.store.tx import Tx
from holdline.texts import has_text, say

MOST_TOLD = 5
WHILE_MINUTES = 10


def notify_of_quarantined(
    tx: Tx, *, update_id: int, reason: str, customer: str | None = None, kind: str = ""
) -> None:
    """Notifies every administrator once; after many failures, one message covers all. `reason` quotes nobody."""
    for person in managers.list_permitted(tx, Act.RETRY_UPDATES):
        words = {"update": update_id, "reason": reason}
        if _count_recent(tx, person) > MOST_TOLD:
            _notify_of_many(tx, person)
        elif customer is None:
            _notify(tx, person, "desk_notices.set_aside", words)
        else:
            what = say(_kind(kind), person.language)
            _notify(
                tx, person, "desk_notices.set_aside_customer", words | {"customer": customer, "kind": what}
            )


def try_again(tx: Tx, *, manager: Manager, update_id: int) -> bool:
    """Tries the update again; returns False if it is not quarantined any longer."""
    require_permission(tx, manager, Act.RETRY_UPDATES)
    again = inbox.replay(tx, update_id=update_id)
    if again:
        admin_log.add(tx, manager, "update_tried_again", about=f"update:{update_id}")
    return again


def try_all_again(tx: Tx, *, manager: Manager) -> int:
    """Tries all quarantined updates again, after a fix; returns their number."""
    require_permission(tx, manager, Act.RETRY_UPDATES)
    again = inbox.replay_all(tx)
    if again:
        admin_log.add(tx, manager, "updates_tried_again", about="updates", after=again)
    return again


def _count_recent(tx: Tx, person: Manager) -> int:
    """How many failed lately; counted under the person's lock, so that two simultaneous failures see each other."""
    managers.load_locked(tx, person.id)
    return inbox.count_quarantined_since(tx, tx.at - timedelta(minutes=WHILE_MINUTES))


def _kind(kind: str) -> str:
    key = f"desk_notices.kind_{kind}"
    return key if has_text(key) else "desk_notices.kind_other"


def _notify(tx: Tx, person: Manager, key: str, words: dict[str, Any]) -> None:
    """Notifies administrators of one update; of one that fails again after another try, once more."""
    button = {"key": "desk_notices.try_again", "data": button_data(DeskVerb.RETRY_UPDATE, words["update"])}
    cause = f"set_aside:{words['update']}:{int(tx.at.timestamp() * 1000)}"
    _add(tx, person, cause, DeskNotice(key, words, buttons=[[button]], alarm=True))


def _notify_of_many(tx: Tx, person: Manager) -> None:
    button = {"key": "desk_notices.try_all_again", "data": button_data(DeskVerb.RETRY_ALL_UPDATES)}
    while_ = int(tx.at.timestamp()) // (WHILE_MINUTES * 60)
    words = {"most": MOST_TOLD, "minutes": WHILE_MINUTES}
    notice = DeskNotice("desk_notices.set_aside_many", words, buttons=[[button]], alarm=True)
    _add(tx, person, f"set_aside:many:{while_}", notice)


def _add(tx: Tx, person: Manager, cause: str, notice: DeskNotice) -> None:
    outbox.add(
        tx,
        [
            Outgoing(
                to=Address(person.telegram_id),
                item=notice,
                key=f"{cause}:{person.telegram_id}",
                expires_at=tx.at + timedelta(days=ALARM_DAYS),
            )
        ],
    )
