"""A database that a test has used is handed out again only where it is as good as new: a copy on PostgreSQL, a file of
SQLite."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import psycopg
import pytest

from holdline.store.engine import Store
from holdline.store.engines.sqlite import SqliteEngine
from tests.databases import BOT, Copy, Databases
from tests.kept_files import KeptFile, KeptFiles
from tests.kept_sessions import KeptSession

AN_EVENT = """INSERT INTO history (bot_id, customer_id, kind, actor_kind, actor_name, created_at)
    VALUES (1, 1, 'note', 'system', '', 1) RETURNING id"""
SEARCH = "SELECT rowid FROM search_customers WHERE words MATCH :word"
PEOPLE = """INSERT INTO customers (bot_id, telegram_id, name, created_at)
    VALUES (1, :number, :name, 1) RETURNING id"""


def test_a_reset_copy_has_no_rows_and_fresh_ids(databases: Databases) -> None:
    found = []
    for _ in range(2):
        used = databases.borrow_copy()
        used.uses = 1  # of an old one the end is near
        with psycopg.connect(used.url) as connection:
            (left,) = connection.execute("SELECT count(*) FROM history").fetchone() or ()
            (event,) = connection.execute(AN_EVENT.encode()).fetchone() or ()
        databases.return_copy(used)
        found.append((used.name, left, event))
    assert found == [(found[0][0], 0, 1)] * 2


def test_a_session_that_is_still_connected_is_closed(databases: Databases) -> None:
    used = databases.borrow_copy()
    with psycopg.connect(used.url) as connection:
        connection.execute(AN_EVENT.encode())
        databases.return_copy(used)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_a_session_continues_without_its_locks_and_settings(postgres_copy: str) -> None:
    pids = []
    for _ in range(2):
        with KeptSession.connect(postgres_copy, autocommit=True) as connection:
            pids.append(connection.info.backend_pid)
            assert connection.execute("SHOW lock_timeout").fetchone() == ("0",)
            locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            assert connection.execute(locks).fetchone() == (0,)
            connection.execute("SET lock_timeout = 5")
            connection.execute("SELECT pg_advisory_lock(1)")
    assert pids[0] == pids[1]


def test_a_session_that_listened_gets_nothing_while_it_is_unused(postgres_copy: str) -> None:
    with KeptSession.connect(postgres_copy, autocommit=True) as listening:
        pid = listening.info.backend_pid
        listening.execute("LISTEN holdline; NOTIFY holdline, 'inbox'")
    with KeptSession.connect(postgres_copy, autocommit=True) as another:
        assert another.info.backend_pid == pid
        assert another.execute("SELECT count(*) FROM pg_listening_channels()").fetchone() == (0,)
        assert list(another.notifies(timeout=0)) == []


def test_a_session_that_was_left_in_a_transaction_is_not_kept(postgres_copy: str) -> None:
    left = KeptSession.connect(postgres_copy)
    left.execute("SELECT 1")
    pid = left.info.backend_pid
    left.close()
    with KeptSession.connect(postgres_copy) as another:
        assert another.info.backend_pid != pid


@pytest.mark.parametrize(
    "change",
    [
        "DROP INDEX history_by_customer",
        "ALTER TABLE bots ADD COLUMN more TEXT",
        "ALTER TABLE bots ALTER COLUMN username DROP NOT NULL",
        "CREATE TABLE more (id BIGINT)",
        "DROP TRIGGER history_no_change ON history",
        "ALTER TABLE history DISABLE TRIGGER ALL",
        "UPDATE migrations SET checksum = 'x' WHERE version = 1",
        "INSERT INTO migrations (version, name, checksum) VALUES (999, 'later', 'x')",
    ],
)
def test_a_copy_with_a_changed_schema_is_dropped(databases: Databases, change: str) -> None:
    changed = databases.borrow_copy()
    with psycopg.connect(changed.url) as connection:
        connection.execute(change.encode())
    assert not _is_handed_out_again(databases, changed)


def test_a_copy_with_changed_settings_is_dropped(databases: Databases) -> None:
    changed = databases.borrow_copy()
    with psycopg.connect(changed.url) as connection:
        connection.execute(f'ALTER DATABASE "{changed.name}" SET lock_timeout = 1'.encode())
    assert not _is_handed_out_again(databases, changed)


def _is_handed_out_again(databases: Databases, used: Copy) -> bool:
    databases.return_copy(used)
    another = databases.borrow_copy()
    databases.return_copy(another)
    return another.name == used.name


@asynccontextmanager
async def opened(file: KeptFile) -> AsyncIterator[Store]:
    store = Store(f"sqlite:///{file.path}", bot_id=BOT)
    await store.start()
    try:
        yield store
    finally:
        await store.close()


async def test_a_reset_file_has_no_rows_fresh_ids_and_open_connections(kept_files: KeptFiles) -> None:
    found = []
    for name in ("Anna", "Boris"):
        used = kept_files.borrow()
        async with opened(used) as store:
            left = await store.read(lambda tx: tx.all("SELECT id FROM history"))
            event = await store.act(lambda tx: tx.one(AN_EVENT))
            person = await store.act(lambda tx, name=name: tx.one(PEOPLE, number=7, name=name))
            hits = await store.read(lambda tx, name=name: tx.all(SEARCH, word=name.lower()))
            assert isinstance(store.engine, SqliteEngine)
            assert store.engine._writer is not None
            writer = id(store.engine._writer.raw)
        kept_files.give_back(used)
        found.append((used.path, left, event, person, hits, writer))
    path, *_, writer = found[0]
    assert found == [(path, [], {"id": 1}, {"id": 1}, [{"rowid": 1}], writer)] * 2


async def test_two_stores_of_one_file_see_each_other(kept_files: KeptFiles) -> None:
    used = kept_files.borrow()
    for _ in range(2):
        async with opened(used) as one, opened(used) as other:
            await one.act(lambda tx: tx.one(AN_EVENT))
            assert await other.read(lambda tx: tx.all("SELECT id FROM history")) == [{"id": 1}]
            await other.act(lambda tx: tx.one(AN_EVENT))
            assert len(await one.read(lambda tx: tx.all("SELECT id FROM history"))) == 2
        assert used.make_as_new()
    kept_files.give_back(used)


def test_files_that_a_test_leaves_next_to_the_database_are_removed(kept_files: KeptFiles) -> None:
    used = kept_files.borrow()
    beside = used.path.with_name("holdline.db.sender-1.lock")
    beside.touch()
    kept_files.give_back(used)
    assert not beside.exists()
    assert used.path.exists()


@pytest.mark.parametrize(
    "change",
    [
        "DROP INDEX history_by_customer",
        "ALTER TABLE bots ADD COLUMN more TEXT",
        "CREATE TABLE more (id INTEGER)",
        "DROP TRIGGER history_no_delete",
        "PRAGMA wal_checkpoint",
        "PRAGMA wal_checkpoint(TRUNCATE)",
    ],
)
def test_a_file_whose_schema_or_log_changed_is_thrown_away(kept_files: KeptFiles, change: str) -> None:
    changed = kept_files.borrow()
    with closing(sqlite3.connect(changed.path, isolation_level=None)) as connection:
        connection.execute(AN_EVENT).fetchall()
        connection.execute(change).fetchall()
    _is_thrown_away(kept_files, changed)


def test_a_file_still_being_written_is_thrown_away(kept_files: KeptFiles) -> None:
    changed = kept_files.borrow()
    with closing(sqlite3.connect(changed.path, isolation_level=None)) as connection:
        connection.execute("PRAGMA busy_timeout = 0")
        connection.execute("BEGIN IMMEDIATE")
        _is_thrown_away(kept_files, changed)


def test_a_replaced_file_is_thrown_away(kept_files: KeptFiles) -> None:
    changed = kept_files.borrow()
    aside: Path = changed.path.rename(changed.path.with_name("aside.db"))
    changed.path.write_bytes(aside.read_bytes())
    _is_thrown_away(kept_files, changed)


def _is_thrown_away(files: KeptFiles, changed: KeptFile) -> None:
    files.give_back(changed)
    assert not changed.path.exists()
