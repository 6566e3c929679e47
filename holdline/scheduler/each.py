"""Runs due work, each piece in its own transaction. A failure is logged and does not delay the others."""

import logging
from collections.abc import Callable, Iterable

from holdline.store.engine import Store
from holdline.store.errors import StoreUnavailable
from holdline.store.tx import Tx

MOST_UNITS = 50
"""The most transactions of `until_nothing_is_due` in one turn. The rest waits for the next turn."""

log = logging.getLogger("holdline.timers")


async def for_each_dialog(store: Store, unit: Callable[..., int], dialog_ids: Iterable[int]) -> int:
    """Returns the sum of the results."""
    done = 0
    for dialog_id in dialog_ids:
        try:
            done += await store.act(unit, dialog_id=dialog_id)
        except StoreUnavailable:
            raise
        except Exception:
            log.exception("%s failed at dialog %s, and is tried again", unit.__name__, dialog_id)
    return done


async def until_nothing_is_due(store: Store, unit: Callable[[Tx, int], int]) -> int:
    """Returns how often the transaction found something. Its argument is the number of due rows to skip, because they
    failed.
    """
    done = failed = 0
    while done + failed < MOST_UNITS:
        try:
            if not await store.act(unit, failed):
                break
            done += 1
        except StoreUnavailable:
            raise
        except Exception:
            failed += 1
            log.exception("%s failed, and is tried again", unit.__name__)
    return done
