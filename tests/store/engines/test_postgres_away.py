"""A PostgreSQL that cannot write now counts as an outage, whatever its error code, and is used again afterwards."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest
from psycopg_pool.base import AttemptWithBackoff

from holdline.store.engine import Store
from holdline.store.errors import StoreConflict, StoreUnavailable
from holdline.store.screens import settings
from holdline.store.tx import Tx

WRITABLE = "-c default_transaction_read_only=off"


@pytest.fixture
async def store(postgres_copy: str) -> AsyncIterator[Store]:
    store = Store(postgres_copy, bot_id=1)
    await store.start()
    yield store
    await store.close()


def probe(tx: Tx) -> None:
    settings.put(tx, "probed", 1)


def make_read_only(url: str, how: str) -> None:
    """As a server that was demoted: sessions that stay, and new ones, may read only (or may write again)."""
    with psycopg.connect(url, autocommit=True, options=WRITABLE) as admin:
        name = admin.info.dbname
        admin.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {how}'.encode())


def cut_others(url: str) -> None:
    with psycopg.connect(url, autocommit=True, options=WRITABLE) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


async def becomes(store: Store, *, writable: bool) -> None:
    async with asyncio.timeout(20):
        for _ in range(200):
            try:
                await store.act(probe)
            except StoreUnavailable as broken:
                if not writable and "read-only" in str(broken):
                    return
            else:
                if writable:
                    return
    raise AssertionError(f"never {writable=}")


async def test_a_read_only_server_is_an_outage_until_a_writable_one_is_found(
    store: Store, postgres_copy: str
) -> None:
    await store.act(probe)
    make_read_only(postgres_copy, "on")
    cut_others(postgres_copy)
    await becomes(store, writable=False)
    with pytest.raises(StoreUnavailable, match="read-only") as refused:
        await store.act(probe)
    assert not isinstance(refused.value, StoreConflict)
    make_read_only(postgres_copy, "off")
    await becomes(store, writable=True)


async def test_after_an_outage_the_pool_tries_again_at_once(
    postgres_copy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a long outage the pool's own pauses are long; here the first one is."""
    monkeypatch.setattr(AttemptWithBackoff, "INITIAL_DELAY", 60.0)
    store = Store(postgres_copy, bot_id=1)
    await store.start()
    pool = store.engine._pool  # type: ignore[attr-defined]
    connect, refusals = pool._connect, []
    monkeypatch.setattr(pool, "timeout", 0.5)

    def refuse_first(*arguments: object) -> psycopg.Connection[object]:
        if len(refusals) < 2:  # the lost session's successor, and the first one more
            refusals.append("away")
            raise psycopg.OperationalError("away")
        return connect(*arguments)

    monkeypatch.setattr(pool, "_connect", refuse_first)
    cut_others(postgres_copy)
    async with asyncio.timeout(15):
        await becomes(store, writable=True)
    assert len(refusals) == 2
    await store.close()


@pytest.mark.parametrize(
    "code", ["25006", "25P03", "53100", "53200", "53300", "57P01", "57P02", "57P03", "57P05", "58030"]
)
async def test_every_temporary_error_of_postgresql_is_an_outage(store: Store, code: str) -> None:
    def refused(tx: Tx) -> None:
        tx.run(f"DO $$ BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '{code}'; END $$")

    with pytest.raises(StoreUnavailable, match="not now"):
        await store.act(refused)
    await store.act(probe)
