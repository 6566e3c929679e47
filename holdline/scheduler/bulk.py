"""Bulk jobs, one dialog after another. Other transactions run in between."""

import logging

from holdline.desk.dialogs.bulk import do_bulk_item, refuse_bulk_item
from holdline.dialogs.refusal import DeskError
from holdline.store.dialogs import bulk_jobs
from holdline.store.dialogs.bulk_jobs import BulkItem
from holdline.store.engine import Store
from holdline.store.errors import StoreUnavailable

ITEMS_A_TURN = 200

log = logging.getLogger("holdline.bulk")


async def run_bulk_jobs(store: Store) -> int:
    """Returns the number of dialogs that were processed. The rest waits for the next turn."""
    for number in range(ITEMS_A_TURN):
        item = await store.read(bulk_jobs.next_item)
        if item is None:
            return number
        await _do(store, item)
    return ITEMS_A_TURN


async def _do(store: Store, item: BulkItem) -> None:
    """If a dialog fails, marks it as refused, so that the dialogs after it are still processed."""
    try:
        await store.act(do_bulk_item, item=item)
    except StoreUnavailable:
        raise
    except DeskError as refused:
        await store.act(refuse_bulk_item, item=item, refusal=refused)
    except Exception:
        log.exception("the bulk job %s failed at dialog %s", item.job_id, item.dialog_id)
        await store.act(refuse_bulk_item, item=item, refusal=DeskError("bulk_failed"))
