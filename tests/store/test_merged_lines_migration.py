"""A database from before lines were merged: calls in flight are settled, waiting lines are sent."""

from tests.store.migration_kit import OldDatabase, old_database

__all__ = ["old_database"]

_LANES = "INSERT INTO lanes (bot_id, chat_id, kind) VALUES (1, -10, 'group')"
_OUTBOX = """
INSERT INTO outbox (bot_id, chat_id, lane, class, audience, kind, key, payload_json, status, due_at, created_at)
    VALUES (1, -10, 'dialog', 'desk', 'desk', 'mirror', 'a', '{}', 'sending', 0, 0),
           (1, -10, 'dialog', 'desk', 'desk', 'mirror', 'b', '{}', 'queued', 0, 0)"""


def test_rows_in_flight_are_not_merged(old_database: OldDatabase) -> None:
    old_database.carry_over([_LANES, _OUTBOX], version=29)
    rows = old_database.execute("SELECT key, status, merged_into FROM outbox ORDER BY key")
    assert rows == [("a", "sending", None), ("b", "queued", None)]
    assert old_database.execute("SELECT COUNT(*) FROM merged_messages") == [(0,)]
