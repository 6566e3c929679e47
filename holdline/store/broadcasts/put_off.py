"""Recipients of broadcasts who wait for the end of quiet hours or for their next day."""

from holdline.store.tx import Tx


def decide_anew(tx: Tx, customer_id: int) -> None:
    """Makes due again what was put off because of that customer's own hours or days."""
    due = tx.run(
        """UPDATE broadcast_recipients SET due_at = :at
           WHERE customer_id = :customer AND status = 'waiting' AND outbox_id IS NULL AND due_at > :at
           AND waits_for IN ('quiet_hours', 'cap_per_day') AND broadcast_id IN (
               SELECT id FROM broadcasts WHERE bot_id = :bot AND ended_at IS NULL)""",
        at=tx.at,
        customer=customer_id,
        bot=tx.bot_id,
    )
    if due:
        tx.wake("broadcasts")


def decide_all_anew(tx: Tx, *, limit: int) -> int:
    """Makes due again at most so many of those put off because of their own hours or days; returns how many."""
    due = tx.run(
        """UPDATE broadcast_recipients SET due_at = :at, waits_for = NULL WHERE (broadcast_id, customer_id) IN (
               SELECT r.broadcast_id, r.customer_id
               FROM broadcasts b JOIN broadcast_recipients r ON r.broadcast_id = b.id
               WHERE b.bot_id = :bot AND b.ended_at IS NULL AND r.status = 'waiting' AND r.outbox_id IS NULL
               AND r.due_at > :at AND r.waits_for IN ('quiet_hours', 'cap_per_day') LIMIT :limit)""",
        at=tx.at,
        bot=tx.bot_id,
        limit=limit,
    )
    if due:
        tx.wake("broadcasts")
    return due
