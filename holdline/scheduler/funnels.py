"""Moves funnels on: each due enrolment in its own transaction, so that a failure does not delay the others."""

import logging
from datetime import timedelta

from holdline.desk.funnels.moving import move_due, put_off, recover
from holdline.store.engine import Store
from holdline.store.errors import StoreUnavailable
from holdline.store.funnels import enrolments
from holdline.store.tx import Row, Tx

log = logging.getLogger("holdline.timers")
_STRANDED_FOR = timedelta(minutes=1)


async def move_enrolments(store: Store) -> int:
    """Makes one pass and returns the number of enrolments that moved."""
    return sum([await _move(store, due) for due in await store.read(enrolments.list_due)])


async def recover_enrolments(store: Store) -> int:
    """Moves enrolments whose message was settled while the reaction to it failed."""
    stranded = await store.read(_list_stranded)
    for one in stranded:
        await store.act(recover, enrolment_id=one["id"], customer_id=one["customer_id"])
    return len(stranded)


def _list_stranded(tx: Tx) -> list[Row]:
    return enrolments.list_stranded(tx, before=tx.at - _STRANDED_FOR)


async def _move(store: Store, due: Row) -> int:
    names = {"enrolment_id": due["id"], "customer_id": due["customer_id"]}
    try:
        return int(await store.act(move_due, **names))
    except StoreUnavailable:
        raise
    except Exception:
        log.exception("enrolment %s cannot go on, and is tried again", due["id"])
        await store.act(put_off, **names)
        return 0
