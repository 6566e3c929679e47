"""Messages of a broadcast that wait in the outbox."""

from holdline.dialogs.broadcasts.broadcast import PAUSED
from holdline.store.delivery import waiting_chats, waiting_marketing
from holdline.store.tx import Row, Tx


def make_due(tx: Tx, broadcast_id: int) -> None:
    """Makes due what was put off while the broadcast was paused: a few hundred at most, the rest is not in the outbox
    yet.
    """
    rows = tx.all(
        """UPDATE outbox SET due_at = :at, waits_for = NULL
           WHERE broadcast_id = :id AND status = 'queued' AND waits_for = :reason RETURNING chat_id""",
        at=tx.at,
        id=broadcast_id,
        reason=PAUSED,
    )
    for row in rows:
        waiting_chats.announce(tx, row["chat_id"], "marketing", tx.at)


def list_customers(tx: Tx, broadcast_id: int, *, limit: int) -> list[int]:
    """Customers for whom a message of it waits in the outbox."""
    rows = tx.all(
        """SELECT DISTINCT customer_id FROM outbox WHERE broadcast_id = :id AND status = 'queued'
           ORDER BY customer_id LIMIT :limit""",
        id=broadcast_id,
        limit=limit,
    )
    return [row["customer_id"] for row in rows]


def cancel(tx: Tx, broadcast_id: int, customer_id: int, *, reason: str) -> list[Row]:
    """Cancels what waits of it for that customer; returns the rows. Calls already in flight may still arrive."""
    condition = "broadcast_id = :id AND customer_id = :customer"
    values = {"id": broadcast_id, "customer": customer_id}
    return waiting_marketing.end_waiting(tx, condition, values, why=reason)


def is_on_the_wire(tx: Tx, broadcast_id: int) -> bool:
    """Whether a message of it is still queued or in flight."""
    sql = "SELECT id FROM outbox WHERE broadcast_id = :id AND status IN ('queued', 'sending') LIMIT 1"
    return tx.one(sql, id=broadcast_id) is not None
