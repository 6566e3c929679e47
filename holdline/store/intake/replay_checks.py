"""What a replay asks of a database: whether it is empty before, and what was left lying after."""

from holdline.store.tx import Row, Tx


def count_customers(tx: Tx) -> int:
    """Customers of every bot."""
    row = tx.one("SELECT COUNT(*) AS customers FROM customers")
    return int(row["customers"]) if row else 0


def list_parked(tx: Tx) -> list[Row]:
    """The first items that nobody could deliver."""
    return tx.all("SELECT id, kind, error FROM outbox WHERE status = 'parked' ORDER BY id LIMIT 20")
