"""Invariants of broadcasts: nobody gets one twice, nobody is lost, and the figures match the recipients."""

from holdline.store.invariants.invariant import Invariant

_COUNTED = ("sent", "blocked", "failed", "expired", "cancelled")
_COLUMN = "CASE s.status " + " ".join(f"WHEN '{name}' THEN b.{name}" for name in _COUNTED) + " END"
_STATUSES = " UNION ALL ".join(f"SELECT '{name}' AS status" for name in _COUNTED)

BROADCASTS = (
    Invariant(
        "broadcast_reaches_once",
        "a customer has one message of a broadcast at most",
        """SELECT broadcast_id, customer_id, COUNT(DISTINCT message_id) AS messages FROM outbox
           WHERE broadcast_id IS NOT NULL GROUP BY broadcast_id, customer_id HAVING COUNT(DISTINCT message_id) > 1""",
    ),
    Invariant(
        "recipient_follows_outbox",
        "a recipient whose message is in the outbox waits exactly while that does",
        """SELECT r.broadcast_id, r.customer_id, r.status FROM broadcast_recipients r
           WHERE r.outbox_id IS NOT NULL AND (r.status = 'waiting') <> EXISTS (
               SELECT 1 FROM outbox o WHERE o.broadcast_id = r.broadcast_id AND o.customer_id = r.customer_id
               AND o.status IN ('queued', 'sending'))""",
    ),
    Invariant(
        "message_has_its_recipient",
        "a message of a broadcast has its recipient, who names it",
        """SELECT o.broadcast_id, o.customer_id, o.id FROM outbox o
           WHERE o.broadcast_id IS NOT NULL AND NOT EXISTS (
               SELECT 1 FROM broadcast_recipients r WHERE r.broadcast_id = o.broadcast_id
               AND r.customer_id = o.customer_id AND r.outbox_id <= o.id)""",
    ),
    Invariant(
        "figures_count_recipients",
        "the figures of a broadcast are the numbers of its recipients",
        f"""SELECT b.id, s.status FROM broadcasts b JOIN ({_STATUSES}) s ON 1 = 1
            WHERE {_COLUMN} + COALESCE((SELECT SUM(t.change) FROM broadcast_tallies t
                                        WHERE t.broadcast_id = b.id AND t.status = s.status), 0)
                <> (SELECT COUNT(*) FROM broadcast_recipients r
                    WHERE r.broadcast_id = b.id AND r.status = s.status)""",
    ),
    Invariant(
        "recipients_are_counted",
        "a broadcast knows how many recipients it has",
        """SELECT b.id, b.recipients FROM broadcasts b
           WHERE b.recipients <> (SELECT COUNT(*) FROM broadcast_recipients r WHERE r.broadcast_id = b.id)""",
    ),
    Invariant(
        "done_leaves_nobody",
        "nobody waits for a broadcast that is done",
        """SELECT b.id, r.customer_id FROM broadcasts b JOIN broadcast_recipients r ON r.broadcast_id = b.id
           WHERE b.status = 'done' AND r.status = 'waiting'""",
    ),
    Invariant(
        "spent_within_budget",
        "a broadcast spends no more Stars than it may, and no fewer than its calls on the wire cost",
        """SELECT p.broadcast_id, p.spent FROM broadcast_budgets p WHERE p.spent > p.budget OR p.spent < (
               SELECT COALESCE(SUM(o.paid), 0) FROM outbox o
               WHERE o.broadcast_id = p.broadcast_id AND o.paid > 0 AND o.status = 'sending')""",
    ),
    Invariant(
        "gathered_before_done",
        "only a broadcast whose audience was gathered is done",
        "SELECT id FROM broadcasts WHERE status = 'done' AND (gathered_at IS NULL OR ended_at IS NULL)",
    ),
)
