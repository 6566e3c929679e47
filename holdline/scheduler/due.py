"""Handles due dates, each dialog in its own transaction, so that a locked dialog does not delay the others."""

from holdline.desk.dialogs.due_dates import record_overdue
from holdline.desk.dialogs.sla import record_due_clocks
from holdline.desk.dialogs.transitions import end_pause
from holdline.scheduler.each import for_each_dialog
from holdline.store.dialogs import due_dates, sla_clocks
from holdline.store.engine import Store


async def handle_due_dates(store: Store) -> int:
    """Makes one pass and returns the number of dialogs that changed."""
    noticed = await for_each_dialog(store, record_overdue, await store.read(due_dates.list_overdue))
    noticed += await for_each_dialog(store, record_due_clocks, await store.read(sla_clocks.list_due))
    return noticed + await for_each_dialog(store, end_pause, await store.read(due_dates.list_pauses_over))
