"""Room on the database's disk that is kept for the day when the disk is full, and given up then."""

import errno
import logging
import os
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path
from shutil import disk_usage

MEGABYTE = 1024 * 1024
TRIAL_BYTES = 65_536
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)

log = logging.getLogger("holdline.store")


def is_disk_full(folder: Path) -> bool:
    """Whether nothing can be written there. SQLite calls it an I/O error if it cannot open the index of its log."""
    return disk_usage(folder).free < TRIAL_BYTES


def is_disk_read_only(folder: Path) -> bool:
    """Whether it is mounted so. Systems do that by themselves after an error of the disk."""
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


class DiskReserve:
    """A file beside the database. Its bytes are random and synced, because a file system may compress zeros or give a
    file its blocks only when it is written.

    `is_missing`: it should be there and is not, so the disk is full or nearly. `is_full`: the last write was refused
    and nothing was left to give up.
    """

    def __init__(self, database: Path, size: int) -> None:
        self.path = database.with_name(database.name + "-reserve")
        self.size = size
        self.is_missing = False
        self.is_full = False
        self.times_used = 0
        self._changing = threading.Lock()

    @property
    def needed(self) -> int:
        """So much must be free before it is made: making it must not fill the disk."""
        return 2 * self.size

    @property
    def has_room(self) -> bool:
        folder = next(parent for parent in self.path.absolute().parents if parent.exists())
        return self._is_there() or disk_usage(folder).free >= self.needed

    def make_if_missing(self) -> None:
        """Makes the file as soon as there is room for it."""
        with self._changing:
            was_missing = self.is_missing
            if not self.size:
                self.path.unlink(missing_ok=True)
            elif not self._is_there():
                self.is_missing = not (self.has_room and self._make())
            if was_missing and not self.is_missing:
                log.info("the reserve of %s is there again", self.path.parent)

    def give_up(self) -> bool:
        """Gives its room to the disk. Returns False if there was none."""
        with self._changing:
            try:
                held = self.path.stat().st_size
                os.truncate(
                    self.path, 0
                )  # a full copy-on-write file system may refuse to remove a file with blocks
                self.path.unlink()
            except OSError:
                return False
            self.is_missing = bool(self.size)
            self.times_used += held > 0
        log.error(
            "the disk of %s is full: free some space; the desk goes on with its reserve", self.path.parent
        )
        return held > 0

    def is_cause_of(self, broken: BaseException) -> bool:
        """Whether a full disk has refused the write. SQLite reports a used-up quota as an I/O error."""
        code = getattr(broken, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
        return code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and not self._takes_a_write())

    def _is_there(self) -> bool:
        try:
            return self.path.stat().st_size == self.size
        except OSError:
            return False

    def _make(self) -> bool:
        try:
            self._write(self.path, self.size)
        except OSError as refused:
            log.warning("no reserve can be made in %s: %s", self.path.parent, refused.strerror)
            with suppress(OSError):
                self.path.unlink()
            return False
        return True

    def _takes_a_write(self) -> bool:
        trial = self.path.with_name(self.path.name + "-trial")
        try:
            self._write(trial, TRIAL_BYTES)
        except OSError as refused:
            return refused.errno not in _NO_ROOM
        finally:
            with suppress(OSError):
                trial.unlink()
        return True

    @staticmethod
    def _write(path: Path, size: int) -> None:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            while size > 0:
                size -= os.write(file, os.urandom(min(size, MEGABYTE)))
            os.fsync(file)
        finally:
            os.close(file)
