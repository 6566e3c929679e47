"""Marketing that waits behind a customer's gate, as people look at it."""

from holdline.store.tx import Row, Tx


def of_customer(tx: Tx, customer_id: int, *, limit: int = 50) -> list[Row]:
    """In the order in which it will leave: id, class, text, kind; only while the gate is held."""
    return tx.all(
        """SELECT o.id, o.class, m.text, COALESCE(m.kind, o.kind) AS kind
           FROM customers c JOIN outbox o ON o.customer_id = c.id
           LEFT JOIN messages m ON m.id = o.message_id
           WHERE o.bot_id = :bot AND c.id = :customer AND c.gate = 'held'
             AND o.stream = 'marketing' AND o.status = 'queued'
             AND NOT EXISTS (SELECT 1 FROM outbox earlier WHERE earlier.message_id = o.message_id
                             AND earlier.id < o.id AND earlier.stream = 'marketing' AND earlier.status = 'queued')
           ORDER BY o.rank, o.due_at, o.id LIMIT :limit""",
        bot=tx.bot_id,
        customer=customer_id,
        limit=limit,
    )
