"""Reads the desk's database from outside, the desk running or dead; never judges what arrived."""

import sqlite3
from contextlib import closing
from typing import Any

import psycopg

BEGUN_WHILE_HELD = "SELECT id FROM outbox WHERE stream = 'marketing' AND gate_epoch % 2 = 1"
"""The gate's epoch rises at each flip, from open at 0: it is odd while the gate is held."""


def asked(store_url: str, sql: str) -> list[tuple[Any, ...]]:
    if store_url.startswith("sqlite"):
        with closing(sqlite3.connect(store_url.removeprefix("sqlite:///"))) as file:
            return list(file.execute(sql).fetchall())
    with psycopg.connect(store_url, autocommit=True) as session:
        return list(session.execute(sql.encode()).fetchall())


def engine_of(store_url: str) -> str:
    """SQLite or PostgreSQL, for a campaign's note."""
    return "SQLite" if store_url.startswith("sqlite") else "PostgreSQL"


def waiting(store_url: str) -> int:
    """How much the desk still has to hear and to say."""
    heard = "SELECT COUNT(*) FROM inbox WHERE state = 'new'"
    said = "SELECT COUNT(*) FROM outbox WHERE status IN ('queued', 'sending')"
    return int(asked(store_url, f"SELECT ({heard}) + ({said})")[0][0])


def handled_in_vain_twice(store_url: str) -> bool:
    """Whether there is an update that a third death would quarantine."""
    return bool(asked(store_url, "SELECT id FROM inbox WHERE state = 'new' AND attempts >= 2"))


def orphans(store_url: str) -> int:
    """Of a dead desk: calls begun that nobody settled."""
    return int(asked(store_url, "SELECT COUNT(*) FROM chats WHERE in_flight_id IS NOT NULL")[0][0])
