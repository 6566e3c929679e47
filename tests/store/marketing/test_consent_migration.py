"""A database from before the consent ledger: customers who had pressed Start, and who had unsubscribed since."""

from holdline.store.engines.migrate import statements
from tests.store.migration_kit import OldDatabase, old_database

__all__ = ["old_database"]

_ROWS = """
INSERT INTO customers (id, bot_id, telegram_id, name, created_at, started_at, opted_out_at)
    VALUES (1, 1, 51, 'Anna', 0, 5, NULL), (2, 1, 52, 'Boris', 0, 9, 7), (3, 1, 53, 'Ola', 0, NULL, 6),
           (4, 1, 54, 'Ewa', 0, NULL, NULL);
"""


def test_earlier_consent_starts_the_ledger_and_its_newest_line_applies(old_database: OldDatabase) -> None:
    old_database.carry_over(statements(_ROWS), version=92)
    kept = old_database.execute(
        "SELECT customer_id, given, created_at, actor_telegram_id FROM consents ORDER BY id"
    )
    assert sorted(kept[:2]) == [(1, 1, 5, 51), (2, 1, 9, 52)]
    assert sorted(kept[2:]) == [(2, 0, 7, 52), (3, 0, 6, 53)]
    assert old_database.execute("SELECT DISTINCT how FROM consents") == [("before",)]
