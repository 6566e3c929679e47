"""SQLite has one writer: waiting transactions share a commit, and a bell rings early enough for its loop to join."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from holdline.store.engine import Store
from holdline.store.engines.sqlite import SqliteEngine
from holdline.store.errors import StoreUnavailable
from holdline.store.screens import settings
from holdline.store.tx import Tx


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'x.db'}")
    await made.start()
    yield made
    await made.close()


def heard(store: Store) -> list[str]:
    """COMMIT and ROLLBACK as the writer says them, from now on."""
    assert isinstance(store.engine, SqliteEngine)
    assert store.engine._writer is not None
    said: list[str] = []
    store.engine._writer.post(
        lambda raw=store.engine._writer.raw: raw.set_trace_callback(
            lambda text: said.append(text) if text in ("COMMIT", "ROLLBACK") else None
        )
    )
    return said


async def test_units_that_wait_together_are_one_commit(store: Store) -> None:
    commits = heard(store)
    await asyncio.gather(*(store.act(settings.put, f"n{number}", number) for number in range(20)))
    assert 1 <= len(commits) < 5


async def test_a_loop_is_woken_before_the_commit_of_its_cause(store: Store) -> None:
    commits = heard(store)
    order: list[str] = []
    answer_waits = threading.Event()

    async def loop() -> None:
        assert await store.bells.wait("outbox", 5)
        order.append(f"woken after {len(commits)} commits")
        answering = asyncio.ensure_future(store.act(lambda tx: order.append("answer")))
        await asyncio.sleep(0)
        answer_waits.set()
        await answering

    def waking(tx: Tx) -> None:
        order.append("cause")
        tx.wake("outbox")

    answered = asyncio.ensure_future(loop())
    await asyncio.gather(store.act(waking), store.act(lambda tx: answer_waits.wait(5)))
    await answered
    assert order == ["cause", "woken after 0 commits", "answer"]
    assert len(commits) <= 2


async def test_a_bell_for_readers_rings_after_the_commit(store: Store) -> None:
    async def loop() -> object:
        assert await store.bells.wait("managers", 5)
        return await store.read(settings.value, "x")

    def changed(tx: Tx) -> None:
        settings.put(tx, "x", 1)
        tx.wake("managers")

    answering = asyncio.ensure_future(loop())
    await store.act(changed)
    assert await answering == 1


async def test_while_another_process_writes_all_are_refused_and_none_hangs(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    await store.start()
    await store.act(lambda tx: tx.run("PRAGMA busy_timeout = 0"))
    other = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    tries = [store.act(settings.put, f"n{number}", number) for number in range(5)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert [type(one) for one in outcomes] == [StoreUnavailable] * 5
    other.execute("COMMIT")
    other.close()
    await store.act(settings.put, "x", 1)
    await store.close()


async def test_no_caller_waits_for_ever_after_a_failed_transaction(store: Store) -> None:
    def dies(tx: Tx) -> None:
        raise KeyboardInterrupt

    outcomes = await asyncio.gather(store.act(settings.put, "x", 1), store.act(dies), return_exceptions=True)
    assert [type(one) for one in outcomes] == [StoreUnavailable] * 2
    await store.act(settings.put, "x", 2)
    assert await store.read(settings.value, "x") == 2


async def test_after_the_close_a_unit_is_refused_at_once(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'x.db'}")
    await store.start()
    last = asyncio.ensure_future(store.act(settings.put, "x", 1))
    await asyncio.sleep(0)
    await store.close()
    await last
    with pytest.raises(StoreUnavailable):
        await store.act(settings.put, "x", 2)
