"""A read-only disk: commands report it in one sentence, and a backup to another disk still works."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copy

import pytest

from holdline.desk.health.disk import disk_reasons
from holdline.store.engines.disk_reserve import DiskReserve
from tests.app.command_line import holdline
from tests.small_disk import SmallDisk, small_disk


@pytest.fixture
def disk(tmp_path: Path, sqlite_template: Path) -> Iterator[SmallDisk]:
    """With a database whose last row is only in the log, as a desk leaves it that the disk has stopped."""
    with small_disk(tmp_path / "disk") as disk:
        copy(sqlite_template, disk.folder / "template.db")
        with closing(sqlite3.connect(disk.folder / "template.db", isolation_level=None)) as desk:
            desk.execute("PRAGMA journal_mode=WAL")
            desk.execute("CREATE TABLE kept (word TEXT)")
            desk.execute("INSERT INTO kept VALUES ('the last word')")
            for suffix in ("", "-wal"):
                copy(disk.folder / f"template.db{suffix}", disk.folder / f"holdline.db{suffix}")
        (disk.folder / "holdline.toml").write_text('[telegram]\ntoken = "7000000001:abc"\n')
        yield disk


@contextmanager
def read_only(disk: SmallDisk) -> Iterator[None]:
    for how in ("ro", "rw"):
        subprocess.run(["mount", "-o", f"remount,{how}", str(disk.folder)], check=True)
        if how == "ro":
            yield


def test_every_command_says_that_the_disk_is_read_only(disk: SmallDisk) -> None:
    with read_only(disk):
        for order in (
            ("key", "list"),
            ("doctor",),
            ("backup",),
            ("migrate",),
            ("restore", "template.db", "--yes"),
        ):
            told = holdline(*order, folder=disk.folder)
            assert told.returncode in (1, 2), order
            assert "read-only" in told.stderr.lower(), (order, told.stderr)
            assert "give it to the user" not in told.stderr and told.stderr.count("\n") == 1, told.stderr


def test_a_backup_to_another_disk_includes_the_log(disk: SmallDisk, tmp_path: Path) -> None:
    to = tmp_path / "elsewhere" / "copy.db"
    with read_only(disk):
        told = holdline("backup", "--to", str(to), folder=disk.folder)
    assert told.returncode == 0, told.stderr
    with closing(sqlite3.connect(to)) as found:
        assert found.execute("SELECT word FROM kept").fetchall() == [("the last word",)]
    assert [path.name for path in to.parent.iterdir()] == ["copy.db"]


def test_the_readiness_reason_names_the_read_only_disk(disk: SmallDisk) -> None:
    reserve = DiskReserve(disk.folder / "holdline.db", 0)
    assert disk_reasons(reserve) == []
    with read_only(disk):
        (reason,) = disk_reasons(reserve)
    assert "read-only" in reason and "nothing is lost" in reason
