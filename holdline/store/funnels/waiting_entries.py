"""Customers who wait to enter a paused funnel."""

from holdline.store.tx import Row, Tx


def add(tx: Tx, *, funnel_id: int, customer_id: int, entry: str) -> None:
    """Does nothing if the customer waits already."""
    tx.run(
        """INSERT INTO waiting_entries (bot_id, funnel_id, customer_id, entry, created_at)
           VALUES (:bot, :funnel, :customer, :entry, :at) ON CONFLICT DO NOTHING""",
        bot=tx.bot_id,
        funnel=funnel_id,
        customer=customer_id,
        entry=entry,
        at=tx.at,
    )


def list_ready(tx: Tx, *, limit: int = 200) -> list[Row]:
    """`funnel_id` and `customer_id` of those whose funnel is no longer paused."""
    return tx.all(
        """SELECT w.funnel_id, w.customer_id FROM funnels f JOIN waiting_entries w ON w.funnel_id = f.id
           WHERE f.bot_id = :bot AND f.active = 1 LIMIT :limit""",
        bot=tx.bot_id,
        limit=limit,
    )


def is_waiting(tx: Tx, *, funnel_id: int, customer_id: int) -> bool:
    row = tx.one(
        "SELECT 1 AS found FROM waiting_entries WHERE funnel_id = :funnel AND customer_id = :customer",
        funnel=funnel_id,
        customer=customer_id,
    )
    return row is not None


def take(tx: Tx, *, funnel_id: int, customer_id: int) -> str | None:
    """Removes the customer and returns how they wanted to enter; None if they do not wait."""
    row = tx.one(
        "DELETE FROM waiting_entries WHERE funnel_id = :funnel AND customer_id = :customer RETURNING entry",
        funnel=funnel_id,
        customer=customer_id,
    )
    return row["entry"] if row is not None else None


def forget_customer(tx: Tx, customer_id: int) -> None:
    """The customer waits for no funnel any longer."""
    tx.run("DELETE FROM waiting_entries WHERE customer_id = :customer", customer=customer_id)


def forget_funnel(tx: Tx, funnel_id: int) -> None:
    """Nobody waits for this funnel any longer."""
    tx.run("DELETE FROM waiting_entries WHERE funnel_id = :funnel", funnel=funnel_id)
