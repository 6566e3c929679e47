"""Copies a SQLite database that is in use: SQLite makes the copy, which is verified and then moved into place."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from time import time

from holdline.store.engines.disk_reserve import is_disk_full, is_disk_read_only


class BackupFailed(Exception):
    """There is no valid copy; the message says why and what to do."""


def write_backup(source: Path, target: Path) -> int:
    """Returns the size of the verified copy; `target` appears whole or not at all, readable by its owner only."""
    if not source.exists():
        raise BackupFailed(f"{source} does not exist, so there is nothing to back up; look at store.url.")
    if target.exists():
        raise BackupFailed(f"{target} exists already; name another file, nothing is overwritten.")
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        copy_database(source, part)
        sync_file(part)
        part.rename(target)
    except (sqlite3.Error, OSError) as broken:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise BackupFailed(
            f"the backup to {target} failed: {_say_broken(broken, source, target)}."
        ) from broken
    return target.stat().st_size


def _say_broken(broken: Exception, source: Path, target: Path) -> str:
    if isinstance(broken, OSError) and broken.errno == errno.EROFS:
        return f"the disk of {target.parent.absolute()} is read-only. Name a file on another disk with --to"
    if isinstance(broken, OSError):
        return broken.strerror or str(broken)
    for path in (target, source):
        if path.parent.exists() and is_disk_full(path.parent):
            return (
                f"the disk of {path.parent.absolute()} is full. Free some space there, or, while the desk is running, "
                "name a file on another disk with --to"
            )
    return str(broken)


def copy_database(source: Path, part: Path, *, minute: int | None = None) -> None:
    """Copies the database into the empty file, verifies it, and marks it as a copy, so that a desk that starts on it
    knows that it was restored. `minute`: the mark if it has none yet; by default the present minute.
    """
    with (
        _openable(source, part) as path,
        closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as original,
        closing(sqlite3.connect(part)) as copy,
    ):
        original.execute("PRAGMA wal_autocheckpoint=0")  # only the desk's own writer may checkpoint
        original.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")
        _verify(copy)
        if not copy.execute(READ_MARK).fetchone()[0]:
            mark = int(time()) // 60 if minute is None else minute
            copy.execute(f"PRAGMA user_version = {mark}")


@contextmanager
def _openable(source: Path, part: Path) -> Iterator[Path]:
    """The source. If its disk is read-only, a copy of its files beside `part`: SQLite opens no database there whose log
    has no index, and nobody writes to it meanwhile.
    """
    if not is_disk_read_only(source.parent):
        yield source
        return
    twin = part.with_name(f"{part.name}.source")
    try:
        for suffix in ("", "-wal"):
            if (file := source.with_name(source.name + suffix)).exists():
                _copy_private(file, twin.with_name(twin.name + suffix))
        yield twin
    finally:
        for suffix in ("", "-wal", "-shm"):
            twin.with_name(twin.name + suffix).unlink(missing_ok=True)


def _copy_private(file: Path, to: Path) -> None:
    to.unlink(missing_ok=True)
    os.close(os.open(to, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    shutil.copyfile(file, to)


READ_MARK = "PRAGMA user_version"
CLEAR_MARK = "PRAGMA user_version = 0"
"""The mark of a copy: the minute when it was made, counted from 1970. A database that was never copied has 0."""
UNKNOWN_MINUTE = 1
"""The mark of a copy that somebody else made."""


def _verify(copy: sqlite3.Connection) -> None:
    verdict = [row[0] for row in copy.execute("PRAGMA integrity_check(1)")]
    if verdict != ["ok"]:
        raise sqlite3.DatabaseError(f"it is damaged ({verdict[0]})")


def sync_file(part: Path) -> None:
    """Writes the file and its folder's entry to the disk."""
    for path in (part, part.parent):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
