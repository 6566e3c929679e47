"""Reports dialogs for which marketing waits too long, each in its own transaction."""

from holdline.desk.marketing.hold_alarms import list_forgotten, tell_of_forgotten
from holdline.scheduler.each import for_each_dialog
from holdline.store.engine import Store


async def tell_of_holds(store: Store) -> int:
    """Makes one pass and returns the number of dialogs that were reported."""
    return await for_each_dialog(store, tell_of_forgotten, await store.read(list_forgotten))
