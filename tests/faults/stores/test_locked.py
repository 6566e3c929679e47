"""T6: another process holds the lock that every write needs, for a moment or for ten seconds."""

import asyncio
import random
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from holdline.store.engine import Store
from holdline.store.engines import sqlite
from holdline.store.engines.backup import write_backup
from holdline.store.errors import StoreUnavailable
from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.forks import Forked
from tests.faults.load import Load
from tests.faults.scene import scene
from tests.faults.stores.acknowledged import Acknowledged, end_in_peace
from tests.store.test_engine import names, put

HOLDS = (0.1, 1.0, 10.0)
RESUMED_SECONDS = 2.0
WRITERS = 4
QUICKLY_MS = 50


def hold_lock(url: str, held: threading.Event, release: threading.Event) -> None:
    """The write lock of SQLite; on PostgreSQL the table that every update is written to."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)) as other:
            other.execute("BEGIN IMMEDIATE")
            held.set()
            release.wait()
            other.rollback()
        return
    with psycopg.connect(url) as session:
        session.execute("LOCK TABLE inbox IN EXCLUSIVE MODE")
        held.set()
        release.wait()
        session.rollback()


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
async def test_nothing_is_acknowledged_while_another_process_has_the_lock(
    tmp_path: Path, store_url: str, *, webhook: bool
) -> None:
    seed = get_seed(61)
    rounds = get_size("HOLDLINE_LOCKS", 1)
    dice, broken = random.Random(seed), []
    async with scene(tmp_path, store_url, seed=seed, webhook=webhook) as here:
        here.start()
        await here.at_work()
        load, watch = Load(here, 4), Acknowledged(here, store_url)
        lost: list[int] = []
        await watch.measure_floor()
        async with asyncio.TaskGroup() as group:
            group.create_task(load.runs())
            for seconds in HOLDS[: get_size("HOLDLINE_LOCK_KINDS", 2)] * rounds:
                await asyncio.sleep(dice.uniform(0.1, 0.5))
                held, release = threading.Event(), threading.Event()
                holder = group.create_task(asyncio.to_thread(hold_lock, store_url, held, release))
                await asyncio.to_thread(held.wait)
                await asyncio.sleep(seconds)
                lost += await watch.lost()
                release.set()
                await holder
                if not await watch.resumes(RESUMED_SECONDS):
                    broken.append(f"after {seconds:g} s intake took {watch.slowest:.1f} s")
            load.over.set()
        verdict = await end_in_peace(here, load)
        lost += await watch.lost()
        broken += verdict.broken
        report(
            Figures(
                tried=len(watch.resumed),
                lost=len(lost),
                doubled=verdict.extra,
                broken=len(broken),
                seed=seed,
                note=f"intake went on within {watch.slowest:.1f} s",
            )
        )
        assert (broken, lost, verdict.extra) == ([], [], 0)


def write_many(url: str, writer: int, times: int) -> None:
    """One of several processes that write to the same database."""

    async def write() -> None:
        store = Store(url, bot_id=1)
        await store.start()
        for number in range(times):
            await store.act(put, f"{writer}-{number}", number)
        await store.close()

    asyncio.run(write())


async def test_four_processes_write_and_none_gets_a_locked_error(tmp_path: Path, store_url: str) -> None:
    times = get_size("HOLDLINE_WRITES", 30)
    writers = [
        Forked(write_many, store_url, writer, times, log=tmp_path / f"{writer}.log")
        for writer in range(WRITERS)
    ]
    for writer in writers:
        assert await writer.ended(120) == 0, writer.said()
    store = Store(store_url, bot_id=1)
    await store.start()
    found = {name for name in await store.read(names) if "-" in name}
    await store.close()
    wanted = {f"{writer}-{number}" for writer in range(WRITERS) for number in range(times)}
    report(Figures(tried=len(wanted), lost=len(wanted - found), note=f"{WRITERS} writers"))
    assert found == wanted


async def test_a_backup_beside_a_lock_is_whole_and_an_erasure_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An erasure rewrites the file with VACUUM, which needs the lock; it is refused, and works afterwards."""
    times = get_size("HOLDLINE_LOCKS", 1)
    monkeypatch.setattr(sqlite, "_WRITER", (*sqlite._WRITER, f"busy_timeout={QUICKLY_MS}"))
    path, refused, lost = tmp_path / "desk.db", 0, list[str]()
    store = Store(f"sqlite:///{path}", bot_id=1)
    await store.start()
    for number in range(times):
        await store.act(put, f"before-{number}", number)
        held, release = threading.Event(), threading.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.to_thread(hold_lock, f"sqlite:///{path}", held, release))
            await asyncio.to_thread(held.wait)
            for work in (store.scrub(), store.act(put, f"during-{number}", number)):
                try:
                    await work
                except StoreUnavailable:
                    refused += 1
            await asyncio.to_thread(write_backup, path, tmp_path / f"copy-{number}.db")
            release.set()
        await store.scrub()
        await store.act(put, f"after-{number}", number)
        copy = Store(f"sqlite:///{tmp_path / f'copy-{number}.db'}", bot_id=1)
        await copy.start()
        wanted = {f"before-{earlier}" for earlier in range(number + 1)}
        lost += sorted(wanted - set(await copy.read(names)))
        await copy.close()
    found = {name for name in await store.read(names) if "-" in name}
    await store.close()
    report(Figures(tried=times, lost=len(lost), note=f"{refused} refusals"))
    assert (refused, lost) == (2 * times, [])
    assert found == {f"{when}-{number}" for when in ("before", "after") for number in range(times)}
