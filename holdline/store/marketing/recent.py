"""Automatic messages that a customer was sent recently."""

from datetime import datetime

from holdline.store.delivery.outbound import MARKETING_CLASSES
from holdline.store.marketing.sources import SOURCE_COLUMNS, SOURCE_JOINS
from holdline.store.tx import Row, Tx

_SENT = f"""FROM messages m JOIN outbox o ON o.id = (
                SELECT MIN(f.id) FROM outbox f WHERE f.message_id = m.id AND f.audience = 'customer')
            {SOURCE_JOINS}
            WHERE m.customer_id = :customer AND m.class IN {MARKETING_CLASSES}
            AND m.status = 'sent' AND o.status = 'sent' AND o.settled_at >= :since"""


def find_sent_lately(tx: Tx, customer_id: int, *, since: datetime, limit: int) -> list[Row]:
    """Marketing that was sent since then, newest first: class, text, kind, sent_at and its source."""
    return tx.all(
        f"""SELECT m.class, m.text, m.kind, o.settled_at AS sent_at, {SOURCE_COLUMNS}
            {_SENT}
            ORDER BY m.id DESC LIMIT :limit""",
        customer=customer_id,
        since=since,
        limit=limit,
    )


def count_sent_lately(tx: Tx, customer_id: int, *, since: datetime) -> int:
    """How many there are in all."""
    row = tx.one(f"SELECT COUNT(*) AS n {_SENT}", customer=customer_id, since=since)
    return int(row["n"]) if row else 0
