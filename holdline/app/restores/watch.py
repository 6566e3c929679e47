"""Notices at a start that the database is a restored copy."""

import structlog

from holdline.desk.restores.hold import current_hold, hold_restored
from holdline.store.engine import Store
from holdline.store.restores.copies import take_mark
from holdline.store.tx import Tx

log = structlog.get_logger("restore")


async def hold_if_copy(store: Store) -> bool:
    """Puts a restored database on hold, once, before anything is sent from it; returns whether it did."""
    is_copy = await store.act(_hold_marked, engine=store.engine.name)
    hold = await store.read(current_hold)
    if hold is not None:
        log.warning("on_hold", waiting=hold.total, backup_at=hold.backup_at.isoformat())
    return is_copy


def _hold_marked(tx: Tx, *, engine: str) -> bool:
    mark = take_mark(tx, engine)
    if mark is not None:
        hold_restored(tx, backup_at=mark.made_at)
    return mark is not None
