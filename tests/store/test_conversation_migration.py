"""A database from before dialogs took up what waited: nothing waits beside a dialog, and conversations are whole."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from holdline.store.migrate import planned, statements

VERSION = 14

Execute = Callable[[str], list[tuple[Any, ...]]]

_ROWS = """
INSERT INTO customers (id, bot_id, telegram_id, name, created_at) VALUES (1, 1, 51, 'Anna', 0), (2, 1, 52, 'Tom', 0);
INSERT INTO lists (id, bot_id, kind, name, created_at) VALUES (901, 1, 'types', 'T', 0), (902, 1, 'stages', 'S', 0);
INSERT INTO dialogs (id, bot_id, customer_id, title, state, type_id, stage_id, created_at, changed_at)
    VALUES (1, 1, 1, 'Parcel', 'active', 901, 902, 0, 0), (2, 1, 2, 'Old', 'paused', 901, 902, 0, 0);
INSERT INTO inbox_items (id, bot_id, customer_id, state, first_message_id, messages, dialog_id, created_at, changed_at)
    VALUES (1, 1, 1, 'moved', 1, 1, 1, 0, 0), (2, 1, 1, 'new', 2, 1, NULL, 0, 0), (3, 1, 2, 'new', 3, 1, NULL, 0, 0);
INSERT INTO messages (id, bot_id, customer_id, direction, class, author_kind, kind, status, inbox_item_id, created_at)
    VALUES (1, 1, 1, 'in', 'customer', 'customer', 'text', 'received', 1, 0),
           (2, 1, 1, 'in', 'customer', 'customer', 'text', 'received', 2, 0),
           (3, 1, 2, 'in', 'customer', 'customer', 'text', 'received', 3, 0);
"""


def carried_over(execute: Execute, engine: str) -> tuple[dict[int, str], dict[int, int | None]]:
    """States of the items and the dialogs of the messages, after the migration."""
    for step in planned(engine):
        if step.version == VERSION:
            for row in statements(_ROWS):
                execute(row)
        for statement in statements(step.sql):
            execute(statement)
    items = dict(execute("SELECT id, state FROM inbox_items"))
    return items, dict(execute("SELECT id, moved_to_dialog_id FROM messages"))


EXPECTED = ({1: "moved", 2: "moved", 3: "new"}, {1: 1, 2: 1, 3: None})


def test_on_sqlite(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "old.db", isolation_level=None)
    try:
        assert carried_over(lambda sql: connection.execute(sql).fetchall(), "sqlite") == EXPECTED
    finally:
        connection.close()


def test_on_postgres(postgres_url: str) -> None:
    with psycopg.connect(postgres_url, autocommit=True) as connection:

        def execute(sql: str) -> list[tuple[Any, ...]]:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

        assert carried_over(execute, "postgres") == EXPECTED
