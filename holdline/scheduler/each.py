"""Work that is due, a unit for each piece: one that fails is logged and keeps none behind it from its turn."""

import logging
from collections.abc import Callable, Iterable

from holdline.store.engine import Store
from holdline.store.errors import StoreUnavailable
from holdline.store.tx import Tx

MOST_UNITS = 50
"""Done in one turn by `until_nothing_is_due`: what is due besides waits for the next."""

log = logging.getLogger("holdline.timers")


async def for_each_dialog(store: Store, unit: Callable[..., int], dialog_ids: Iterable[int]) -> int:
    """The sum of what the units did."""
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
    """How often the unit found something. It takes how many of what is due to pass over: those that failed."""
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
