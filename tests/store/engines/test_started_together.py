"""Processes that start together: one prepares the tables, the others wait for it, however long that takes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest

from holdline.store.engine import Store
from holdline.store.engines import postgres
from holdline.store.errors import StoreUnavailable

ANOTHER = b"SELECT pg_advisory_lock(7236401)"


@pytest.fixture(autouse=True)
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "LOCK_SECONDS", 0.05)
    monkeypatch.setattr(postgres, "MIGRATION_LOOK_SECONDS", 0.02)


async def until_said(caplog: pytest.LogCaptureFixture, words: str) -> None:
    for _ in range(2_000):
        if words in caplog.text:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"never said: {words}")


@asynccontextmanager
async def waiting_store(
    url: str, caplog: pytest.LogCaptureFixture
) -> AsyncIterator[tuple[Store, asyncio.Task[list[str]]]]:
    """A store whose start waits for another process, which is done at the end of the block."""
    caplog.set_level("INFO", "holdline.store")
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(ANOTHER)
        store = Store(url, bot_id=1)
        starting = asyncio.create_task(store.start())
        await until_said(caplog, "Waiting for another process")
        yield store, starting


async def test_a_process_waits_for_another_one_that_prepares_the_tables(
    postgres_copy: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with waiting_store(postgres_copy, caplog) as (store, starting):
        held = asyncio.get_running_loop().time()
        while asyncio.get_running_loop().time() < held + 3 * postgres.LOCK_SECONDS:
            assert not starting.done()
            await asyncio.sleep(postgres.MIGRATION_LOOK_SECONDS)
    assert await starting == []
    await store.close()


async def test_a_process_that_waits_for_the_tables_can_be_stopped(
    postgres_copy: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with waiting_store(postgres_copy, caplog) as (store, starting):
        await store.close()
        with pytest.raises(StoreUnavailable, match="closed"):
            await starting


async def test_a_process_that_waits_too_long_names_the_other_process(
    postgres_copy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "MIGRATION_SECONDS", 0.05)
    with psycopg.connect(postgres_copy, autocommit=True) as other:
        other.execute(ANOTHER)
        store = Store(postgres_copy, bot_id=1)
        with pytest.raises(StoreUnavailable, match="another process"):
            await store.start()
    await store.close()
