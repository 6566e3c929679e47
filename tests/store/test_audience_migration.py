"""A database from before messages stated their audience goes on working: rows in flight are told apart once."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from holdline.store.migrate import planned, statements

CUSTOMER, MANAGER, GROUP = 510000001, 400000077, -1001234567890
BEFORE = 4  # the last version without the column

Execute = Callable[[str], list[tuple[Any, ...]]]

_ROWS = f"""
INSERT INTO customers (id, bot_id, telegram_id, name, created_at) VALUES (1, 1, {CUSTOMER}, 'Anna', 0);
INSERT INTO messages (id, bot_id, customer_id, direction, class, author_kind, kind, status, created_at)
    VALUES (1, 1, 1, 'out', 'manager', 'manager', 'text', 'sent', 0);
INSERT INTO copies (bot_id, chat_id, tg_message_id, role, message_id, customer_id, place_id, created_at)
    VALUES (1, {CUSTOMER}, 5, 'copy', 1, 1, NULL, 0), (1, {MANAGER}, 6, 'copy', 1, 1, 3, 0),
           (1, {GROUP}, 7, 'copy', 1, 1, 4, 0);
"""


def _waiting() -> str:
    rows = [
        ("reply", CUSTOMER, "manager", "message", "NULL"),
        ("mirror", MANAGER, "desk", "mirror", "3"),
        ("edit", CUSTOMER, "system", "edit_copy", "NULL"),
        ("edit mirror", MANAGER, "system", "edit_copy", "3"),
        ("remove mirror", MANAGER, "system", "delete_copy", "NULL"),
        ("react", CUSTOMER, "desk", "reaction", "NULL"),
        ("react in the group", GROUP, "desk", "reaction", "NULL"),
    ]
    values = ", ".join(
        f"(1, {chat}, 'dialog', '{class_}', '{kind}', '{key}', '{{}}', 1, {place}, 0, 0)"
        for key, chat, class_, kind, place in rows
    )
    return f"""INSERT INTO outbox (bot_id, chat_id, lane, class, kind, key, payload_json, message_id, place_id, due_at,
                                   created_at) VALUES {values};"""


def carried_over(execute: Execute, engine: str) -> tuple[dict[str, str], dict[int, str]]:
    """Audiences by the key of the item, and by the chat of the copy, after the migration."""
    steps = planned(engine)
    for step in steps:
        if step.version == BEFORE + 1:
            for statement in [*statements(_ROWS), _waiting()]:
                execute(statement)
        for statement in statements(step.sql):
            execute(statement)
    items = execute("SELECT key, audience FROM outbox")
    copies = execute("SELECT chat_id, audience FROM copies")
    return dict(items), dict(copies)


@pytest.fixture(params=["sqlite", "postgres"])
def carried(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[dict[str, str], dict[int, str]]:
    if request.param == "sqlite":
        raw = sqlite3.connect(tmp_path / "before.db")
        try:
            return carried_over(lambda sql: raw.execute(sql).fetchall(), "sqlite")
        finally:
            raw.close()
    with psycopg.connect(request.getfixturevalue("postgres_url")) as connection:

        def execute(sql: str) -> list[tuple[Any, ...]]:
            ran = connection.execute(sql)
            return ran.fetchall() if ran.description else []

        return carried_over(execute, "postgres")


def test_waiting_items_keep_their_readers(carried: tuple[dict[str, str], dict[int, str]]) -> None:
    items, _ = carried
    assert {key for key, audience in items.items() if audience == "customer"} == {"reply", "edit", "react"}


def test_copies_keep_their_readers(carried: tuple[dict[str, str], dict[int, str]]) -> None:
    _, copies = carried
    assert copies == {CUSTOMER: "customer", MANAGER: "desk", GROUP: "desk"}
