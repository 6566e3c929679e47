"""A query over many rows delays no other query."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from holdline.store.engine import Store
from holdline.store.screens.settings import put, value
from holdline.store.tx import Tx

PATIENCE = 20.0


@asynccontextmanager
async def long_reading(store: Store) -> AsyncIterator[None]:
    """A reading that lasts until the block is left."""
    begun, go_on = threading.Event(), threading.Event()

    def held(tx: Tx) -> None:
        value(tx, "anything")
        begun.set()
        go_on.wait(PATIENCE)

    reading = asyncio.ensure_future(store.read_heavy(held))
    await asyncio.to_thread(begun.wait, PATIENCE)
    try:
        yield
        assert not reading.done(), "it was to last"
    finally:
        go_on.set()
        await reading


async def test_short_reads_and_writes_continue_beside_a_long_read(store: Store) -> None:
    async with long_reading(store):
        async with asyncio.timeout(PATIENCE):
            for number in range(6):
                await store.act(put, "number", number)
                assert await store.read(value, "number") == number


async def test_long_reads_run_one_after_another(store: Store) -> None:
    async with long_reading(store):
        second = asyncio.ensure_future(store.read_heavy(value, "number"))
        await store.read(value, "number")
        assert (store.heavy_reads_waiting, second.done()) == (1, False)
    assert await second is None
    assert store.heavy_reads_waiting == 0


async def test_a_reader_that_gives_up_waiting_leaves_the_queue(store: Store) -> None:
    async with long_reading(store):
        impatient = asyncio.ensure_future(store.read_heavy(value, "number"))
        await asyncio.sleep(0)
        impatient.cancel()
        await asyncio.wait({impatient})
        assert store.heavy_reads_waiting == 0
    assert await store.read_heavy(value, "number") is None
