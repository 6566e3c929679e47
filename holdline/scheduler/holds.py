"""Dialogs behind which marketing waits too long are told of: each in a unit of its own."""

from holdline.desk.marketing.hold_alarms import list_forgotten, tell_of_forgotten
from holdline.scheduler.each import for_each_dialog
from holdline.store.engine import Store


async def tell_of_holds(store: Store) -> int:
    """One pass; of how many dialogs somebody was told."""
    return await for_each_dialog(store, tell_of_forgotten, await store.read(list_forgotten))
