"""A database from before turns: waiting items keep their order, classes are distinguished, freezes end."""

import sqlite3
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from holdline.store.engines.migrate import list_migrations, statements

VERSION = 22
Execute = Callable[[str], list[tuple[Any, ...]]]

_ROWS = """
INSERT INTO leases (bot_id, role, holder, epoch, until_at, frozen_until_at, marketing_frozen_until_at)
    VALUES (1, 'sender', 'me', 3, 0, 9000000000000000, 9000000000000000);
INSERT INTO lanes (bot_id, chat_id, kind, marketing_due_at)
    VALUES (1, 10, 'private', 0), (1, 11, 'private', 0), (1, 12, 'private', 0), (1, 13, 'private', NULL);
INSERT INTO outbox (bot_id, chat_id, lane, class, kind, key, payload_json, due_at, created_at)
    VALUES (1, 10, 'marketing', 'broadcast', 'message', 'a', '{}', 0, 0),
           (1, 11, 'marketing', 'broadcast', 'message', 'b', '{}', 0, 0),
           (1, 11, 'marketing', 'funnel', 'message', 'c', '{}', 0, 0),
           (1, 12, 'marketing', 'smart_reply', 'message', 'd', '{}', 0, 0);
"""


@pytest.fixture(params=["sqlite", "postgres"])
def carried(request: pytest.FixtureRequest) -> Any:
    """A database with these rows, after the migration."""
    if request.param == "sqlite":
        raw = sqlite3.connect(":memory:")
        yield carried_over(lambda sql: raw.execute(sql).fetchall(), "sqlite")
        raw.close()
        return
    with psycopg.connect(request.getfixturevalue("postgres_url")) as connection:

        def execute(sql: str) -> list[tuple[Any, ...]]:
            done = connection.execute(sql.encode())
            return done.fetchall() if done.description else []

        yield carried_over(execute, "postgres")


def carried_over(execute: Execute, engine: str) -> Execute:
    for step in list_migrations(engine):
        if step.version == VERSION:
            for statement in statements(_ROWS):
                execute(statement)
        for statement in statements(step.sql):
            execute(statement)
    return execute


def test_chats_know_the_most_urgent_class_that_waits(carried: Execute) -> None:
    assert dict(carried("SELECT chat_id, urgency FROM chats")) == {10: 2, 11: 1, 12: 0, 13: 2}


def test_messages_that_waited_before_have_the_first_turns(carried: Execute) -> None:
    assert carried("SELECT DISTINCT turn FROM outbox") == [(0,)]


def test_freezes_caused_by_single_chats_end(carried: Execute) -> None:
    assert carried("SELECT frozen_until_at, marketing_frozen_until_at FROM leases") == [(None, None)]
