"""Figures for the log: what the desk did since they were last read."""

from dataclasses import dataclass

from holdline.store.intake import counts
from holdline.store.tx import Tx


@dataclass(frozen=True, slots=True)
class Activity:
    """`received` and `sent` count messages from and to customers since the last look; the rest is the present state."""

    last_message_id: int
    received: int
    sent: int
    updates_waiting: int
    messages_waiting: int
    inbox_items_new: int


def activity(tx: Tx, *, since: Activity | None) -> Activity:
    """The figures since an earlier look; the first look counts no messages, because what is stored may be years old."""
    last = counts.last_message_id(tx)
    talk = counts.messages_between(tx, since.last_message_id, last) if since else {}
    updates, _ = counts.update_backlog(tx)
    items, _ = counts.inbox_item_backlog(tx)
    waiting = sum(count for (_, status), count in counts.outbox_backlog(tx).items() if status != "parked")
    return Activity(
        last_message_id=last,
        received=talk.get(("in",), 0),
        sent=talk.get(("out",), 0),
        updates_waiting=updates,
        messages_waiting=waiting,
        inbox_items_new=items,
    )
