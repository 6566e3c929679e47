"""What has become due is noticed: each dialog in a unit of its own, so that one in use keeps no other waiting."""

from holdline.desk.dialogs.due_dates import notice_overdue
from holdline.desk.dialogs.sla import notice_clocks
from holdline.desk.dialogs.transitions import end_pause
from holdline.store.dialogs import due_dates, sla_clocks
from holdline.store.engine import Store


async def notice_due(store: Store) -> int:
    """One pass; how many dialogs something was done about."""
    noticed = 0
    for dialog_id in await store.read(due_dates.list_overdue):
        noticed += await store.act(notice_overdue, dialog_id=dialog_id)
    for dialog_id in await store.read(sla_clocks.list_due):
        noticed += await store.act(notice_clocks, dialog_id=dialog_id)
    for dialog_id in await store.read(due_dates.list_pauses_over):
        noticed += await store.act(end_pause, dialog_id=dialog_id)
    return noticed
