"""What has become due is noticed: each dialog in a unit of its own, so that one in use keeps no other waiting."""

from holdline.desk.dialogs.due_dates import notice_overdue
from holdline.desk.dialogs.sla import notice_clocks
from holdline.desk.dialogs.transitions import end_pause
from holdline.scheduler.each import for_each_dialog
from holdline.store.dialogs import due_dates, sla_clocks
from holdline.store.engine import Store


async def notice_due(store: Store) -> int:
    """One pass; how many dialogs something was done about."""
    noticed = await for_each_dialog(store, notice_overdue, await store.read(due_dates.list_overdue))
    noticed += await for_each_dialog(store, notice_clocks, await store.read(sla_clocks.list_due))
    return noticed + await for_each_dialog(store, end_pause, await store.read(due_dates.list_pauses_over))
