"""Power cuts at random moments of a desk on SQLite: nothing that was confirmed is missing, and nothing is half there.

The store itself writes, with its own connection settings, through a VFS that records each write and sync.
"""

import asyncio
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from shutil import copy

import pytest

from holdline.bot.work import Work
from holdline.store.delivery import outbox
from holdline.store.engine import Store
from holdline.store.engines.sqlite import SqliteEngine
from holdline.store.intake import inbox, inbox_jobs
from holdline.store.intake.received_update import update_from_value
from holdline.store.tx import Tx
from tests.conftest import BOT
from tests.faults.figures import Figures, get_seed, get_size, report
from tests.faults.outgoing import reply_to
from tests.faults.power.recorder import Confirmed, Disk, RecordedConnection, RecordingVfs, Step

CUTS = get_size("HOLDLINE_CUTS", 40)
STARTS, ROUNDS, CHATS = 3, 8, 4


@pytest.fixture
def vfs(monkeypatch: pytest.MonkeyPatch) -> Iterator[RecordingVfs]:
    made = RecordingVfs("recorded")
    monkeypatch.setattr(SqliteEngine, "connection_class", RecordedConnection)
    monkeypatch.setattr(RecordedConnection, "vfs", "recorded")
    yield made
    made.unregister()


async def test_no_power_cut_loses_confirmed_data(
    vfs: RecordingVfs, sqlite_template: Path, tmp_path: Path
) -> None:
    seed = get_seed(20261130)
    await _work(vfs, sqlite_template, tmp_path)
    broken = _cut_often(vfs.record, sqlite_template, tmp_path, seed=seed)
    report(
        Figures(
            tried=CUTS,
            lost=sum(": lost" in words for words in broken),
            broken=len(broken),
            seed=seed,
            note=f"{len(vfs.record)} writes and syncs",
        )
    )
    assert broken == []


async def test_weaker_durability_settings_are_detected(
    vfs: RecordingVfs, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RecordedConnection, "weaker", ("synchronous=NORMAL",))
    await _work(vfs, sqlite_template, tmp_path)
    broken = _cut_often(vfs.record, sqlite_template, tmp_path, seed=1)
    assert sum(": lost" in words for words in broken) > CUTS // 10


async def _work(vfs: RecordingVfs, template: Path, folder: Path) -> None:
    """Updates are stored and handled, several in one commit; each start ends with the log copied into the file."""
    path = folder / "desk.db"
    copy(template, path)
    numbers = iter(range(1, 10_000))
    for _ in range(STARTS):
        store = Store(f"sqlite:///{path}", bot_id=BOT)
        await store.start()
        for _ in range(ROUNDS):
            batch = [next(numbers) for _ in range(CHATS)]
            async with asyncio.TaskGroup() as group:
                for number in batch:
                    group.create_task(_receive(store, vfs.record, number))
            while claimed := (await store.act(inbox_jobs.claim_next, limit=CHATS)).runs:
                async with asyncio.TaskGroup() as group:
                    for run in claimed:
                        group.create_task(_handle(store, vfs.record, run))
        await store.close()


async def _receive(store: Store, record: list[Step], number: int) -> None:
    chat = {"id": 11 + number % CHATS}
    await store.act(inbox.put, [update_from_value({"update_id": number, "message": {"chat": chat}})])
    record.append(Confirmed(("stored", number)))


async def _handle(store: Store, record: list[Step], run: list[inbox_jobs.InboxJob]) -> None:
    for job in run:
        await Work(job, store).act(_say_hello, update_id=job.update_id)
        record.append(Confirmed(("done", job.update_id)))


def _say_hello(tx: Tx, *, update_id: int) -> None:
    outbox.add(tx, [reply_to(11 + update_id % CHATS, f"hello-{update_id}")])


def _cut_often(record: list[Step], template: Path, folder: Path, *, seed: int) -> list[str]:
    """Cuts the power at `CUTS` random moments; returns everything that is wrong afterwards, in words."""
    dice, broken = random.Random(seed), []
    moments = sorted(dice.choices(range(1, len(record)), k=CUTS))
    disk = Disk({str(folder / "desk.db"): bytearray(template.read_bytes())})
    confirmed: set[object] = set()
    taken = 0
    for moment in moments:
        for step in record[taken:moment]:
            if isinstance(step, Confirmed):
                confirmed.add(step.what)
            disk.take(step)
        taken = moment
        broken += [
            f"cut at {moment}: {words}" for words in _examine(disk.cut(dice), confirmed, folder / "after")
        ]
    return broken


def _examine(files: dict[str, bytearray], confirmed: set[object], folder: Path) -> list[str]:
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for path, content in files.items():
        (folder / Path(path).name).write_bytes(content)
    with closing(sqlite3.connect(folder / "desk.db")) as raw:
        whole = [row[0] for row in raw.execute("PRAGMA integrity_check")]
        if whole != ["ok"]:
            return [f"not whole: {whole[0]}"]
        states = dict(raw.execute("SELECT update_id, state FROM inbox"))
        answers = {int(key.removeprefix("hello-")) for (key,) in raw.execute("SELECT key FROM outbox")}
    done = {number for number, state in states.items() if state == "done"}
    lost = confirmed - {("stored", number) for number in states} - {("done", number) for number in done}
    return [f"{what}: lost" for what in sorted(map(str, lost))] + [
        f"update {number}: handled by half" for number in sorted(done ^ answers)
    ]
