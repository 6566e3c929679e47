"""Invariants of consent: customers are treated as the last line of the ledger says."""

from holdline.store.invariants.invariant import Invariant

CONSENT = (
    Invariant(
        "stopped_is_in_the_ledger",
        "who gets no marketing said no last, and whoever said no last gets none",
        """SELECT c.id, c.opted_out_at FROM customers c
           WHERE (c.opted_out_at IS NOT NULL AND COALESCE((
                      SELECT l.given FROM consents l WHERE l.customer_id = c.id AND l.topic IS NULL
                      ORDER BY l.id DESC LIMIT 1), 1) = 1)
              OR (c.opted_out_at IS NULL AND (
                      SELECT l.given FROM consents l WHERE l.customer_id = c.id AND l.topic IS NULL
                      ORDER BY l.id DESC LIMIT 1) = 0)""",
    ),
    Invariant(
        "topic_is_in_the_ledger",
        "what a customer decided about a topic is what the ledger says of it last",
        """SELECT t.customer_id, t.topic, t.wanted FROM customer_topics t
           WHERE t.wanted <> COALESCE((
               SELECT l.given FROM consents l WHERE l.customer_id = t.customer_id AND l.topic = t.topic
               ORDER BY l.id DESC LIMIT 1), 1 - t.wanted)""",
    ),
)
