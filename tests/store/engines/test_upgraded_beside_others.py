"""The tables change only while no process of an earlier Holdline uses them."""

import asyncio
import logging
from collections.abc import Callable

import psycopg
import pytest

from holdline.store.engine import Store
from holdline.store.engines import migrate, postgres
from holdline.store.engines.migrate import Migration, list_migrations, schema_version
from holdline.store.errors import StoreInUse, StoreUnavailable

HELD = b"SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock' AND objid = 7236402"


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "ALONE_SECONDS", 0.1)
    monkeypatch.setattr(postgres, "MIGRATION_LOOK_SECONDS", 0.02)


@pytest.fixture
def newer_code(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From its call on, this code knows one more migration."""

    def install() -> None:
        more = Migration(schema_version() + 1, "more", "CREATE TABLE more (id INTEGER)", "checksum")
        plan = (*list_migrations("postgres"), more)
        monkeypatch.setattr(migrate, "list_migrations", lambda engine: plan)

    return install


async def until(url: str, sql: bytes, *, found: bool) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(1_000):
            if (connection.execute(sql).fetchone() is not None) == found:
                return
            await asyncio.sleep(0.01)
    raise AssertionError(f"never {found}: {sql!r}")


@pytest.mark.row("O-03")
async def test_an_upgrade_is_refused_while_an_older_process_works(
    postgres_copy: str, newer_code: Callable[[], None], caplog: pytest.LogCaptureFixture
) -> None:
    older, newer = Store(postgres_copy, bot_id=1), Store(postgres_copy, bot_id=1)
    await older.start()
    await until(postgres_copy, HELD, found=True)
    caplog.set_level(logging.INFO)
    newer_code()
    with pytest.raises(StoreInUse, match=r"stop all of them.*Nothing was changed"):
        await newer.start()
    await newer.close()
    assert "Waiting for the other processes" in caplog.text
    assert await older.read(lambda tx: tx.all("SELECT version FROM migrations ORDER BY version DESC LIMIT 1"))
    await older.close()
    newer = Store(postgres_copy, bot_id=1)
    assert await newer.start() == ["more"]
    await newer.close()


@pytest.mark.row("O-03")
async def test_a_process_disconnected_during_an_upgrade_writes_nothing_more(postgres_copy: str) -> None:
    store = Store(postgres_copy, bot_id=1)
    await store.start()
    await until(postgres_copy, HELD, found=True)
    with psycopg.connect(postgres_copy, autocommit=True) as other:
        other.execute(
            "INSERT INTO migrations (version, name, checksum) VALUES (%s, 'more', '')",
            (schema_version() + 1,),
        )
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid()"
        )
    refused = ""
    for _ in range(1_000):
        try:
            await store.read(lambda tx: tx.one("SELECT 1 AS one"))
        except StoreUnavailable as unavailable:
            refused = str(unavailable)
        if "newer Holdline" in refused:
            break
        await asyncio.sleep(0.01)
    await store.close()
    assert "stop it and start the newer one" in refused
