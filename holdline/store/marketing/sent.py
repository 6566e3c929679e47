"""Marketing that was sent."""

from datetime import datetime

from holdline.store.tx import Row, Tx


def count_since(tx: Tx, customer_id: int, since: datetime, *, besides: Row) -> int:
    """How many messages of funnels and broadcasts this customer was sent since then, also past the gate by a manager. A
    message in parts counts once.

    `besides`: an item whose own message does not count, because a part of it may have been sent already; an item
    that is not in the outbox yet has no id.
    """
    row = tx.one(
        """SELECT COUNT(DISTINCT COALESCE(message_id, -id)) AS sent FROM outbox
           WHERE customer_id = :customer AND class IN ('funnel', 'broadcast') AND status = 'sent'
           AND settled_at >= :since AND COALESCE(message_id, -id) <> :own""",
        customer=customer_id,
        since=since,
        own=besides["message_id"] if besides["message_id"] is not None else -(besides["id"] or 0),
    )
    return int(row["sent"]) if row else 0
