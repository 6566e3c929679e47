"""Broadcasts as outside tools create and change them, within the limits of the tool's key."""

from holdline.desk.broadcasts.creating import BroadcastOrder, create_broadcast, send_test
from holdline.desk.broadcasts.plan_changes import PlanChange, change_plan
from holdline.desk.broadcasts.reading import BroadcastProgress, progress_of
from holdline.desk.people.keys import count_message, count_recipients
from holdline.dialogs.broadcasts.broadcast import BroadcastAuthor
from holdline.store.broadcasts import broadcasts
from holdline.store.people.api_keys import ApiKey
from holdline.store.tx import Tx


def create_of_tool(tx: Tx, *, key: ApiKey, order: BroadcastOrder, expected: int) -> BroadcastProgress:
    """Creates the broadcast and counts its recipients in the key's day; raises AudienceOverLimit if they do not fit."""
    author = BroadcastAuthor(api_key_id=key.id)
    made = create_broadcast(tx, order=order, author=author, expected=expected)
    count_recipients(tx, key, expected)
    return made


def change_plan_of_tool(tx: Tx, *, key: ApiKey, broadcast_id: int, change: PlanChange) -> BroadcastProgress:
    """Changes it, and counts the recipients that a larger audience adds. The lock comes first, so that two changes at
    once do not count from the same number.
    """
    broadcasts.load_locked(tx, broadcast_id)
    before = progress_of(tx, broadcast_id=broadcast_id).figures.recipients
    changed = change_plan(tx, broadcast_id=broadcast_id, change=change)
    count_recipients(tx, key, changed.figures.recipients - before)
    return changed


def try_out(tx: Tx, *, key: ApiKey, order: BroadcastOrder, telegram_id: int) -> int:
    """Sends a test and returns how many people it reaches; the text of each variant counts as a message."""
    send_test(tx, order=order, telegram_id=telegram_id)
    for _ in order.content.variants:
        count_message(tx, key)
    return 1
