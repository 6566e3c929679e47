"""Reports dialogs for which marketing waits too long, each in its own transaction."""

from holdline.desk.marketing.hold_alarms import list_long_holds, report_long_hold
from holdline.scheduler.each import for_each_dialog
from holdline.store.engine import Store


async def report_long_holds(store: Store) -> int:
    """Makes one pass and returns the number of dialogs that were reported."""
    return await for_each_dialog(store, report_long_hold, await store.read(list_long_holds))
