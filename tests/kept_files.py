"""SQLite files that are reset to their initial state while connections to them stay open.

A new connection reads the whole schema and prepares every statement again, which costs a test more than its own work.
What a test writes is only in the write-ahead log until a checkpoint copies it into the file. The log's index stores how
many frames of the log are valid (https://sqlite.org/walformat.html); restoring that number undoes all writes.
"""

import mmap
import sqlite3
from collections import defaultdict
from pathlib import Path
from queue import SimpleQueue
from shutil import copy, rmtree
from threading import Thread
from typing import Any, ClassVar, Self

from holdline.store.engines.hosted_connection import HostedConnection

_HEADER = slice(0, 96)
"""The part of the log's index with the number of valid frames and their checksum, stored twice."""
_SALT, _MOVED = slice(32, 40), slice(96, 100)
"""The salt, which changes when the log starts again, and the number of frames that were copied into the file."""

_Parts = tuple[SimpleQueue[Any], Thread, sqlite3.Connection]


class KeptConnection(HostedConnection):
    """On closing, the thread is kept for the next connection to the same file, if that is one of `resting`."""

    resting: ClassVar[dict[Path, dict[tuple[str, ...], list[_Parts]]]] = {}
    _key: tuple[Path, tuple[str, ...]]

    @classmethod
    async def open(cls, path: Path, pragmas: tuple[str, ...]) -> Self:
        parts = cls.resting.get(path, {}).get(pragmas)
        if parts:
            opened = cls(sqlite3.connect, iter_chunk_size=64)
            opened._tx, opened._thread, opened._connection = parts.pop()
        else:
            opened = await super().open(path, pragmas)
        opened._key = (path, pragmas)
        return opened

    async def close(self) -> None:
        path, pragmas = self._key
        if self._connection is None or path not in self.resting or not await self.run_in_thread(self._rests):
            await super().close()
            return
        self.resting[path][pragmas].append((self._tx, self._thread, self._connection))
        self._running, self._connection = False, None

    def _rests(self) -> bool:
        """Whether the connection can be kept. It runs in the thread, after all work that was posted before."""
        self.raw.set_trace_callback(None)
        return not self.raw.in_transaction

    @classmethod
    def end_threads(cls, path: Path) -> None:
        """Ends the threads that are kept for that file, and keeps no more."""
        for kept in cls.resting.pop(path, {}).values():
            for queue, thread, raw in kept:
                queue.put_nowait((None, raw.close))
                ended = cls(sqlite3.connect, iter_chunk_size=64)
                ended._tx = queue
                ended.stop()
                thread.join()


class LogMark:
    """A place in the write-ahead log of a file that stays open; whatever is written after it can be undone."""

    def __init__(self, path: Path) -> None:
        # It stays open, because closing it would release all of SQLite's locks on it.
        self._file = path.with_name(f"{path.name}-shm").open("r+b")
        self._index = mmap.mmap(self._file.fileno(), 100)
        self.move()

    def move(self) -> None:
        """To the end of the log."""
        self._start = self._index[_HEADER]

    def is_in_log(self) -> bool:
        """False if the log was copied into the file, or has started again."""
        return self._index[_SALT] == self._start[_SALT] and not any(self._index[_MOVED])

    def undo_writes(self) -> None:
        """The caller holds SQLite's lock for writing."""
        self._index[_HEADER] = self._start

    def close(self) -> None:
        self._index.close()
        self._file.close()


class KeptFile:
    """A file with all tables and no rows, in its own folder."""

    def __init__(self, template: Path, folder: Path) -> None:
        self.path = folder / "holdline.db"
        copy(template, self.path)
        KeptConnection.resting[self.path] = defaultdict(list)
        self._keeper = sqlite3.connect(self.path, timeout=0, isolation_level=None)
        self._keeper.execute("PRAGMA wal_autocheckpoint=0")
        self._keeper.execute("PRAGMA user_version = 1")  # the log begins
        self._names = sorted(file.name for file in folder.iterdir())
        self._inodes = self._list_inodes()
        self._schema = self._schema_version()
        self._mark = LogMark(self.path)

    def make_as_new(self) -> bool:
        """Undoes all writes. Returns False if a test has done more than write rows."""
        try:
            self._keeper.execute("BEGIN IMMEDIATE")
            unchanged = self._is_log_whole() and self._schema_version() == self._schema
            if unchanged:
                self._mark.undo_writes()
            self._keeper.execute("ROLLBACK")
        except sqlite3.Error:
            return False
        for file in self.path.parent.iterdir():
            if file.name not in self._names:
                file.unlink()
        return unchanged

    def close(self) -> None:
        KeptConnection.end_threads(self.path)
        self._keeper.close()
        self._mark.close()
        rmtree(self.path.parent)

    def _is_log_whole(self) -> bool:
        return self._mark.is_in_log() and self._list_inodes() == self._inodes

    def _schema_version(self) -> Any:
        return self._keeper.execute("PRAGMA schema_version").fetchone()

    def _list_inodes(self) -> list[int]:
        return [(self.path.parent / name).stat().st_ino for name in self._names]


class KeptFiles:
    """The files of one test process."""

    def __init__(self, template: Path, folder: Path) -> None:
        self._template, self._folder = template, folder
        self._made = 0
        self._unused: list[KeptFile] = []

    def borrow(self) -> KeptFile:
        """An unused file; return it with `give_back`."""
        if self._unused:
            return self._unused.pop()
        self._made += 1
        folder = self._folder / str(self._made)
        folder.mkdir()
        return KeptFile(self._template, folder)

    def give_back(self, file: KeptFile) -> None:
        if file.make_as_new():
            self._unused.append(file)
        else:
            file.close()

    def close(self) -> None:
        for file in self._unused:
            file.close()
