"""The map of personal data names every table and column of the real schema, on both engines."""

from holdline.store.engine import Store
from holdline.store.privacy.table_map import TABLES
from holdline.store.tx import Tx

SEARCH_INDEXES = (
    "search_customers",
    "search_dialogs",
    "search_messages",
    "search_notes",
    "search_attachments",
)
"""Filled by triggers from the columns of the map, so they hold nothing that those do not."""
SHADOWS = ("", "_config", "_content", "_data", "_docsize", "_idx")
"""FTS5 keeps an index in tables of these names."""


def columns_of_schema(tx: Tx, engine: str) -> dict[str, frozenset[str]]:
    if engine == "sqlite":
        rows = tx.all(
            """SELECT t.name AS of_table, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
               WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'"""
        )
    else:
        rows = tx.all(
            """SELECT c.table_name AS of_table, c.column_name AS name FROM information_schema.columns c
               JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
               WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'"""
        )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row["of_table"], set()).add(row["name"])
    return {table: frozenset(columns) for table, columns in found.items()}


async def test_every_table_and_column_has_its_entry(store: Store) -> None:
    real = await store.read(columns_of_schema, store.engine.name)
    indexes = {f"{index}{shadow}" for index in SEARCH_INDEXES for shadow in SHADOWS}
    assert len(TABLES) == len({rule.name for rule in TABLES})
    mapped = {rule.name: rule.columns for rule in TABLES}
    assert mapped == {table: columns for table, columns in real.items() if table not in indexes}


async def test_every_search_index_is_filled_from_a_mapped_table(store: Store) -> None:
    sources = {index.removeprefix("search_") for index in SEARCH_INDEXES}
    assert sources <= {rule.name for rule in TABLES}
    rows = await store.read(lambda tx: [tx.all(f"SELECT rowid FROM {index}") for index in SEARCH_INDEXES])
    assert rows == [[]] * len(SEARCH_INDEXES), "each is there"


def test_no_column_is_listed_twice() -> None:
    twice = [(rule.name, name) for rule in TABLES for name in rule.kept.split() if name in rule.personal]
    assert twice == []
