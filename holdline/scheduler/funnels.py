"""Moves funnels on: each due enrolment in its own transaction, so that a failure does not delay the others."""

import logging
from collections.abc import Callable
from datetime import timedelta

from holdline.desk.funnels.entries import enter_waiting
from holdline.desk.funnels.moving import move_due, put_off, recover
from holdline.store.engine import Store
from holdline.store.errors import is_temporary
from holdline.store.funnels import enrolments, waiting_entries
from holdline.store.tx import Row, Tx

log = logging.getLogger("holdline.timers")
_STRANDED_FOR = timedelta(minutes=1)


async def move_enrolments(store: Store) -> int:
    """Makes one pass and returns the number of enrolments that moved."""
    return sum([await _do(store, move_due, due) for due in await store.read(enrolments.list_due)])


async def enter_waiting_customers(store: Store) -> int:
    """Enrols customers who pressed a start link or a button while their funnel was paused."""
    return sum([await _enter(store, one) for one in await store.read(waiting_entries.list_ready)])


async def recover_enrolments(store: Store) -> int:
    """Moves enrolments whose message was settled while the reaction to it failed."""
    return sum([await _do(store, recover, one) for one in await store.read(_list_stranded)])


def _list_stranded(tx: Tx) -> list[Row]:
    return enrolments.list_stranded(tx, before=tx.at - _STRANDED_FOR)


async def _enter(store: Store, ready: Row) -> bool:
    """One who fails waits for the next pass and does not delay the others."""
    try:
        return await store.act(enter_waiting, **ready)
    except Exception as broken:
        if is_temporary(broken):
            raise
        log.exception("customer %s cannot enter funnel %s yet", ready["customer_id"], ready["funnel_id"])
        return False


async def _do(store: Store, unit: Callable[..., object], enrolment: Row) -> bool:
    """Returns whether anything was done; one that fails is postponed and does not delay the others."""
    names = {"enrolment_id": enrolment["id"], "customer_id": enrolment["customer_id"]}
    try:
        return await store.act(unit, **names) is not False
    except Exception as broken:
        if is_temporary(broken):
            raise
        log.exception("enrolment %s cannot go on, and is tried again", enrolment["id"])
        await store.act(put_off, **names)
        return False
