"""A database of an earlier version on both engines, with rows in it before the migration."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from holdline.store.engines.migrate import list_migrations, statements


@dataclass(frozen=True)
class OldDatabase:
    """`execute` runs one statement and returns its rows."""

    execute: Callable[[str], list[tuple[Any, ...]]]
    engine: str

    def carry_over(self, rows: list[str], *, version: int) -> None:
        """All migrations; the rows are there just before that version comes."""
        for step in list_migrations(self.engine):
            for statement in [*(rows if step.version == version else []), *statements(step.sql)]:
                self.execute(statement)


@pytest.fixture(params=["sqlite", "postgres"])
def old_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[OldDatabase]:
    if request.param == "sqlite":
        with closing(sqlite3.connect(tmp_path / "old.db", isolation_level=None)) as raw:
            yield OldDatabase(lambda sql: raw.execute(sql).fetchall(), "sqlite")
        return
    with psycopg.connect(request.getfixturevalue("postgres_url"), autocommit=True) as connection:

        def execute(sql: str) -> list[tuple[Any, ...]]:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

        yield OldDatabase(execute, "postgres")
