"""A full disk uses the reserve first; a desk without a reserve loses nothing and continues by itself."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from shutil import copy
from stat import S_IMODE

import pytest

from holdline.app.check.disk import disk_findings
from holdline.app.configuration import Configuration
from holdline.app.settings import Settings, StoreSection
from holdline.desk.health.disk import disk_notes, disk_reasons
from holdline.scheduler.reserve import keep_reserve
from holdline.store.engine import Store
from holdline.store.engines.disk_reserve import DiskReserve
from holdline.store.errors import DiskFull, StoreUnavailable
from holdline.store.people import managers
from holdline.store.tx import Tx
from tests.app.command_line import holdline
from tests.small_disk import MEGABYTE, SmallDisk, small_disk

WORDS = os.urandom(30_000).hex()
"""Sixty thousand characters: a few of them fill what is left."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk") as disk:
        yield disk


@pytest.fixture
async def desk(disk: SmallDisk, sqlite_template: Path) -> AsyncIterator[Store]:
    copy(sqlite_template, disk.folder / "desk.db")
    store = Store("sqlite:///desk.db", bot_id=1, base=disk.folder, reserve_bytes=MEGABYTE)
    await store.start()
    yield store
    await store.close()


def reserve_of(store: Store) -> DiskReserve:
    assert store.reserve is not None
    return store.reserve


def keep(tx: Tx, name: str, words: str = "") -> None:
    tx.run(
        "INSERT INTO settings (bot_id, name, value_json) VALUES (:bot, :name, :value)",
        bot=tx.bot_id,
        name=name,
        value={"words": words},
    )


def kept(tx: Tx) -> set[str]:
    return {row["name"] for row in tx.all("SELECT name FROM settings WHERE name LIKE 'n%'")}


def told(tx: Tx) -> list[str]:
    return [row["key"].partition(":")[0] for row in tx.all("SELECT key FROM outbox ORDER BY id")]


async def look_at(store: Store) -> None:
    """What the desk does every ten seconds."""
    stop = asyncio.Event()
    stop.set()
    await keep_reserve(store, reserve_of(store))(stop)


async def until_refused(store: Store) -> set[str]:
    """The names that were acknowledged before the first refusal."""
    acknowledged: set[str] = set()
    for number in range(200):
        try:
            await store.act(keep, f"n{number}", WORDS)
        except StoreUnavailable:
            return acknowledged
        acknowledged.add(f"n{number}")
    raise AssertionError("the disk was never full")


async def test_the_reserve_is_a_private_file_of_real_bytes(desk: Store, disk: SmallDisk) -> None:
    reserve, free = reserve_of(desk), disk.free
    reserve.make_if_missing()
    assert reserve.path == disk.folder / "desk.db-reserve"
    assert free - disk.free >= MEGABYTE
    assert S_IMODE(reserve.path.stat().st_mode) == 0o600
    before = reserve.path.stat().st_mtime_ns
    reserve.make_if_missing()
    assert reserve.path.stat().st_mtime_ns == before
    assert (disk_reasons(reserve), disk_notes(reserve)) == ([], [])


async def test_a_full_disk_takes_the_reserve_and_no_caller_notices(desk: Store, disk: SmallDisk) -> None:
    reserve = reserve_of(desk)
    reserve.make_if_missing()
    disk.fill()
    names = [f"n{number}" for number in range(8)]
    await asyncio.gather(*(desk.act(keep, name, WORDS) for name in names))
    assert await desk.read(kept) == set(names)
    assert not reserve.path.exists()
    assert disk_reasons(reserve) == []
    assert "almost full: the reserve of 1 MB" in disk_notes(reserve)[0]


async def test_without_a_reserve_nothing_unsaved_is_acknowledged(desk: Store, disk: SmallDisk) -> None:
    reserve = reserve_of(desk)
    reserve.make_if_missing()
    disk.fill()
    acknowledged = await until_refused(desk)
    assert acknowledged
    assert await desk.read(kept) == acknowledged
    assert "is full: nothing is taken in" in disk_reasons(reserve)[0]
    disk.clear()
    await desk.act(keep, "n-after")
    assert disk_reasons(reserve) == []
    assert await desk.read(kept) == acknowledged | {"n-after"}


async def test_administrators_are_notified_once_of_the_used_reserve_and_once_of_new_room(
    desk: Store, disk: SmallDisk
) -> None:
    reserve = reserve_of(desk)
    await desk.act(managers.insert, telegram_id=7, name="Ada", role="admin")
    await look_at(desk)
    assert await desk.read(told) == []
    disk.fill()
    await desk.act(keep, "n1", WORDS)
    await look_at(desk)
    await look_at(desk)
    assert await desk.read(told) == ["desk_notices.disk_almost_full"]
    disk.clear()
    await look_at(desk)
    assert reserve.path.exists()
    assert await desk.read(told) == ["desk_notices.disk_almost_full", "desk_notices.disk_has_room"]


async def test_on_a_disk_without_any_room_the_notice_waits_until_there_is_some(
    desk: Store, disk: SmallDisk
) -> None:
    reserve = reserve_of(desk)
    await desk.act(managers.insert, telegram_id=7, name="Ada", role="admin")
    reserve.make_if_missing()
    disk.fill()
    acknowledged = await until_refused(desk)
    assert acknowledged and not reserve.path.exists()
    await look_at(desk)
    disk.clear()
    await look_at(desk)
    assert await desk.read(told) in (
        ["desk_notices.disk_has_room"],
        ["desk_notices.disk_almost_full", "desk_notices.disk_has_room"],
    )


async def test_a_full_disk_is_named_in_the_refusal_and_its_end_in_the_log(
    desk: Store, disk: SmallDisk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "holdline.store")
    disk.fill()
    with pytest.raises(DiskFull):
        for number in range(200):
            await desk.act(keep, f"n{number}", WORDS)
    disk.clear()
    await desk.act(keep, "n-after")
    await desk.act(keep, "n-later")
    assert [line for line in caplog.messages if "takes writes again" in line] == [
        "the database takes writes again, after 0 s and 1 refusals"
    ]


async def test_deletions_work_on_a_full_disk_in_the_space_of_the_log(desk: Store, disk: SmallDisk) -> None:
    """The log is copied into the database, and its own room is used again."""
    for number in range(20):
        await desk.act(keep, f"n{number}", WORDS)
    with closing(sqlite3.connect(disk.folder / "desk.db")) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    await desk.act(lambda tx: tx.run("UPDATE settings SET value_json = upper(value_json)"))
    disk.fill()
    await desk.act(lambda tx: tx.run("DELETE FROM settings WHERE name LIKE 'n1%'"))
    assert await desk.read(kept) == {"n0", *(f"n{number}" for number in range(2, 10))}
    assert disk.is_full


async def test_the_reserve_is_restored_once_twice_its_size_is_free(desk: Store, disk: SmallDisk) -> None:
    reserve = reserve_of(desk)
    disk.fill(leave=reserve.needed - 8192)
    reserve.make_if_missing()
    assert (reserve.is_missing, reserve.has_room) == (True, False)
    disk.clear()
    stop = asyncio.Event()
    stop.set()
    await keep_reserve(desk, reserve)(stop)
    assert (reserve.is_missing, reserve.has_room) == (False, True)
    assert reserve.path.stat().st_size == MEGABYTE


async def test_a_reserve_of_the_wrong_size_or_unwanted_is_corrected(desk: Store, disk: SmallDisk) -> None:
    reserve = reserve_of(desk)
    reserve.path.write_bytes(b"cut off by a kill")
    reserve.make_if_missing()
    assert reserve.path.stat().st_size == MEGABYTE
    DiskReserve(disk.folder / "desk.db", 0).make_if_missing()
    assert not reserve.path.exists()


async def test_other_errors_are_not_taken_for_a_full_disk(desk: Store, disk: SmallDisk) -> None:
    broken = sqlite3.OperationalError("disk I/O error")
    broken.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
    reserve = reserve_of(desk)
    assert not reserve.is_cause_of(broken)
    disk.fill()
    assert reserve.is_cause_of(broken)
    assert not reserve.is_cause_of(StoreUnavailable("the database file was removed"))


def test_without_a_single_byte_every_command_says_that_the_disk_is_full(
    disk: SmallDisk, sqlite_template: Path
) -> None:
    """SQLite calls it an I/O error if there is no room for the index of its log."""
    copy(sqlite_template, disk.folder / "holdline.db")
    (disk.folder / "holdline.toml").write_text('[telegram]\ntoken = "7000000001:abc"\n')
    disk.fill()
    for order in (("key", "list"), ("doctor",), ("backup",), ("migrate",)):
        told = holdline(*order, folder=disk.folder)
        assert told.returncode == (1 if order == ("backup",) else 2)
        assert f"the disk of {disk.folder} is full" in told.stderr.lower() or "is full. Free" in told.stderr
        assert told.stderr.count("\n") == 1, told.stderr


def test_the_check_reports_too_little_room_for_the_reserve(disk: SmallDisk) -> None:
    settings = Settings(store=StoreSection(url="sqlite:///new/desk.db", reserve_megabytes=3))
    configuration = Configuration(settings, path=None, base=disk.folder)
    assert disk_findings(configuration) == []
    disk.fill(leave=5 * MEGABYTE)
    (found,) = disk_findings(configuration)
    assert (found.level, found.code) == ("warning", "no_room_for_reserve")
    assert "Free 6 MB" in found.mend
