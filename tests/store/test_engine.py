"""One transaction, on both engines."""

import asyncio
import sqlite3
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import aiosqlite
import psycopg
import pytest

from holdline.store.engine import TRIES, Store
from holdline.store.engines.hosted_connection import HostedConnection
from holdline.store.engines.migrate import list_migrations
from holdline.store.errors import StoreConflict, StoreTooNew, StoreUnavailable, UniqueConflict, is_temporary
from holdline.store.tx import Tx


def put(tx: Tx, name: str, value: object) -> None:
    tx.run(
        "INSERT INTO settings (bot_id, name, value_json) VALUES (:bot, :name, :value)",
        bot=tx.bot_id,
        name=name,
        value={"value": value},
    )


def names(tx: Tx) -> list[str]:
    return [row["name"] for row in tx.all("SELECT name FROM settings ORDER BY name")]


async def test_a_committed_unit_is_read_back(store: Store) -> None:
    await store.act(put, "a", [1, "zwei"])
    row = await store.read(lambda tx: tx.one("SELECT value_json FROM settings WHERE name = :name", name="a"))
    assert row == {"value_json": {"value": [1, "zwei"]}}


async def test_stored_times_are_read_back_with_zone_and_exact(store: Store) -> None:
    moment = datetime(2026, 3, 29, 1, 30, 0, 123457, tzinfo=UTC)
    await store.act(
        lambda tx: tx.run("INSERT INTO bots (id, username, created_at) VALUES (1, 'b', :at)", at=moment)
    )
    row = await store.read(lambda tx: tx.one("SELECT created_at FROM bots"))
    assert row == {"created_at": moment}


async def test_a_refused_transaction_leaves_nothing_and_does_not_affect_its_group(store: Store) -> None:
    def refused(tx: Tx) -> None:
        put(tx, "refused", 1)
        raise RuntimeError("no")

    outcomes = await asyncio.gather(
        *(store.act(put, f"n{i}", i) for i in range(20)), store.act(refused), return_exceptions=True
    )
    assert [type(o) for o in outcomes if o is not None] == [RuntimeError]
    assert sorted(await store.read(names)) == sorted(f"n{i}" for i in range(20))


async def test_a_unique_conflict_that_stays_is_recognised_after_several_tries(store: Store) -> None:
    tries: list[int] = []

    def again(tx: Tx) -> None:
        tries.append(1)
        put(tx, "same", 1)

    await store.act(put, "same", 0)
    with pytest.raises(UniqueConflict) as refused:
        await store.act(again)
    assert len(tries) == TRIES
    assert not is_temporary(refused.value)


async def test_a_conflict_shorter_than_a_second_is_retried_unnoticed(store: Store) -> None:
    tries: list[int] = []

    def meets(tx: Tx) -> str:
        tries.append(1)
        if len(tries) < TRIES:
            raise StoreConflict("deadlock detected")
        return "done"

    assert await store.act(meets) == "done"
    assert len(tries) == TRIES


async def test_a_transaction_stops_waiting_for_locked_rows_after_a_while(postgres_url: str) -> None:
    store = Store(postgres_url)
    await store.start()
    await store.act(lambda tx: tx.run("CREATE TABLE waits (n INTEGER)"))
    await store.act(lambda tx: tx.run("INSERT INTO waits VALUES (1)"))

    def impatient(tx: Tx) -> None:
        tx.run("SET LOCAL lock_timeout = '50ms'")
        tx.run("UPDATE waits SET n = 2")

    with psycopg.connect(postgres_url) as other:
        other.execute("UPDATE waits SET n = 3")
        with pytest.raises(StoreUnavailable) as refused:
            await store.act(impatient)
    assert is_temporary(refused.value)
    assert (await store.read(lambda tx: tx.all("SHOW lock_timeout")))[0] == {"lock_timeout": "5s"}
    await store.close()


async def test_sql_cannot_rewrite_history(store: Store) -> None:
    await store.act(
        lambda tx: tx.run(
            "INSERT INTO history (bot_id, customer_id, kind, actor_kind, actor_name, created_at)"
            " VALUES (1, 1, 'x', 'system', 'system', :at)",
            at=tx.at,
        )
    )
    for sql in ("UPDATE history SET kind = 'y'", "DELETE FROM history"):
        with pytest.raises(Exception, match="never rewritten"):
            await store.act(lambda tx, sql=sql: tx.run(sql))


async def test_a_bell_rings_after_the_commit(store: Store) -> None:
    await store.act(lambda tx: tx.wake("outbox"))
    assert await store.bells.wait("outbox", 5)


async def test_a_bell_reaches_another_process_on_postgresql(postgres_url: str) -> None:
    first, second = Store(postgres_url), Store(postgres_url)
    await first.start()
    await second.start()
    heard = False
    for _ in range(50):  # the listener connects in its own time
        await first.act(lambda tx: tx.wake("outbox"))
        if heard := await second.bells.wait("outbox", 0.2):
            break
    assert heard
    await first.close()
    await second.close()


async def test_closing_does_not_wait_for_the_listener(store_url: str) -> None:
    """The quickest of a few: what else the machine does may slow one down, not all."""
    seconds = []
    for _ in range(5):
        store = Store(store_url)
        await store.start()
        await store.act(lambda tx: tx.wake("outbox"))
        began = time.perf_counter()
        await store.close()
        seconds.append(time.perf_counter() - began)
    assert min(seconds) < 0.2


async def test_a_newer_database_is_refused_with_a_sentence(store_url: str) -> None:
    store = Store(store_url)
    await store.start()
    await store.act(
        lambda tx: tx.run("INSERT INTO migrations (version, name, checksum) VALUES (999, 'later', 'x')")
    )
    await store.close()
    again = Store(store_url)
    with pytest.raises(StoreTooNew, match="install the newer Holdline"):
        await again.start()
    await again.close()


async def test_the_writer_uses_the_promised_durability(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    await store.start()
    promised = {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1}
    kept = [await store.act(lambda tx, name=name: tx.one(f"PRAGMA {name}")) for name in promised]
    mode = (tmp_path / "x.db").stat().st_mode
    await store.close()  # before what may fail: its threads would keep the process alive
    assert kept == [{name: value} for name, value in promised.items()]
    assert mode & 0o077 == 0


async def test_a_reader_cannot_write(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    await store.start()
    with pytest.raises(Exception, match="readonly"):
        await store.read(put, "x", 1)
    await store.close()


async def test_aiosqlite_still_runs_a_function_in_its_thread() -> None:
    connection = HostedConnection(lambda: sqlite3.connect(":memory:"), 64)
    await connection
    assert await connection.run_in_thread(lambda: 42) == 42
    posted = threading.Event()
    connection.post(posted.set)
    await connection.run_in_thread(lambda: None)
    assert posted.is_set()
    assert aiosqlite.__version__.startswith("0.22.")
    await connection.close()


def test_every_migration_is_numbered_once() -> None:
    for engine in ("sqlite", "postgres"):
        versions = [step.version for step in list_migrations(engine)]
        assert versions == sorted(set(versions))
