"""A database from before: only an administrator whom nobody has met yet had the desk's language by assumption."""

from holdline.store.engines.migrate import statements
from tests.store.migration_kit import OldDatabase, old_database

__all__ = ["old_database"]

_ROWS = """
INSERT INTO managers (id, bot_id, telegram_id, name, username, role, language, created_at)
    VALUES (1, 1, 51, 'Administrator', NULL, 'admin', 'en', 0), (2, 1, 52, 'Maria', NULL, 'agent', 'pl', 0);
"""


def test_only_administrators_never_met_get_the_assumed_language(old_database: OldDatabase) -> None:
    old_database.carry_over(statements(_ROWS), version=25)
    assert dict(old_database.execute("SELECT id, language_is_default FROM managers")) == {1: 1, 2: 0}
