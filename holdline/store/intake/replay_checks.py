"""What a replay checks in a database: whether it is empty before, and which items are parked after."""

from holdline.store.tx import Row, Tx


def count_customers(tx: Tx) -> int:
    """How many customers all bots have."""
    row = tx.one("SELECT COUNT(*) AS customers FROM customers")
    return int(row["customers"]) if row else 0


def list_parked(tx: Tx) -> list[Row]:
    """The first parked items."""
    return tx.all("SELECT id, kind, error FROM outbox WHERE status = 'parked' ORDER BY id LIMIT 20")
