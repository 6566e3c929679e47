"""Putting a restored database on hold: the desk that was lost may have sent what waits in it.

Messages written after the restore are sent as usual.
"""

from datetime import datetime

from holdline.desk.delivery.delivery import settle_orphans
from holdline.desk.notices import views
from holdline.desk.restores.notices import notify_of_restore
from holdline.dialogs.restores.hold import Hold
from holdline.store.dialogs import dialogs
from holdline.store.people import admin_log
from holdline.store.restores import held_work, restores
from holdline.store.tx import Tx

_EVERY_EPOCH = 2**31 - 1


def hold_restored(tx: Tx, *, backup_at: datetime | None = None) -> Hold:
    """Puts on hold everything that waits now and notifies the administrators. `backup_at`: when the backup was made;
    None asks the database for its latest trace. Calls that were in flight in the backup count as unknown.
    """
    settle_orphans(tx, epoch=_EVERY_EPOCH)
    made_at = min(backup_at or restores.newest_trace(tx) or tx.at, tx.at)
    restores.begin(tx, backup_at=made_at)
    held_work.hold_everything(tx)
    _mark_scheduled_replies(tx)
    hold = current_hold(tx)
    assert hold is not None
    admin_log.add(tx, None, "restored", about="database", before=made_at.isoformat(), after=hold.total)
    notify_of_restore(tx, hold)
    return hold


def current_hold(tx: Tx) -> Hold | None:
    """What is on hold; None if the database is not."""
    restore = restores.current(tx)
    if restore is None:
        return None
    return Hold(
        restore["backup_at"], restore["restored_at"], held_work.counts(tx), held_work.count_deciding(tx)
    )


def _mark_scheduled_replies(tx: Tx) -> None:
    """Their cards say from now on that they are on hold."""
    for dialog_id in held_work.dialogs_with_scheduled_replies(tx):
        views.refresh_cards(tx, dialogs.by_id(tx, dialog_id))
