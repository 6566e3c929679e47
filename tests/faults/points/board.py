"""A count of the calls of a process, in a file that it shares with the test: at the chosen one it kills itself."""

import fcntl
import mmap
import os
import signal
import struct
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import Any

_FIELDS = struct.Struct("<qqq7q")


class Point(IntEnum):
    """Where in a call the process is."""

    STATEMENT = 1
    BEFORE_COMMIT = 2
    AFTER_COMMIT = 3
    BEFORE_REQUEST = 4
    REQUEST_WRITTEN = 5
    RESPONSE_READ = 6


STATEMENTS = frozenset({Point.STATEMENT})
EDGES = frozenset(Point) - STATEMENTS
"""Where something of a process becomes visible outside of it."""


class Board:
    """So many points are `left` until the end; with 0 nothing is counted. `mask` says which kinds count down."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("r+b" if path.exists() else "w+b")
        self._file.truncate(_FIELDS.size)
        self._memory = mmap.mmap(self._file.fileno(), _FIELDS.size)
        self._turn = threading.Lock()

    def close(self) -> None:
        self._memory.close()
        self._file.close()

    def met(self) -> dict[Point, int]:
        """How many points of each kind were met since it was armed."""
        _, _, _, *counts = _FIELDS.unpack_from(self._memory)
        return {kind: counts[kind] for kind in Point}

    def last(self) -> Point:
        """The point met last."""
        return Point(_FIELDS.unpack_from(self._memory)[2])

    def arm(self, left: int, kinds: frozenset[Point] = frozenset(Point)) -> None:
        """Counts from now on."""
        mask = sum(1 << kind for kind in kinds)
        with self._locked():
            _FIELDS.pack_into(self._memory, 0, left, mask, 0, *[0] * 7)

    def stop(self) -> bool:
        """Stops the count. False if it has come to its end: then the process has killed itself, or is about to."""
        with self._locked():
            left, *rest = _FIELDS.unpack_from(self._memory)
            _FIELDS.pack_into(self._memory, 0, 0, *rest)
        return bool(left)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Against the other threads, and against the test or the process on the other side."""
        with self._turn:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def reach(self, kind: Point) -> None:
        """The process is at a point: it goes on, or ends here."""
        with self._locked():
            left, mask, _, *counts = _FIELDS.unpack_from(self._memory)
            if left == 0:
                return
            counts[kind] += 1
            left -= mask >> kind & 1
            _FIELDS.pack_into(self._memory, 0, left, mask, kind, *counts)
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def count_calls(board: Board) -> None:
    """From now on every call of this process to its database and to the network is a point."""
    _count_sqlite(board)
    _count_postgresql(board)
    _count_requests(board)


def _count_sqlite(board: Board) -> None:
    import sqlite3  # noqa: PLC0415 - only in the process that is to die

    class Counting(sqlite3.Connection):
        def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
            return _counted(board, sql, lambda: super(Counting, self).execute(sql, *values))

    connect: Callable[..., sqlite3.Connection] = sqlite3.connect
    sqlite3.connect = lambda *args, **more: connect(*args, factory=Counting, **more)  # type: ignore[assignment]


def _count_postgresql(board: Board) -> None:
    """One point a round trip. The lock of the session is looked at by the clock and is left out."""
    from holdline.store.engines.postgres_statements import Statements  # noqa: PLC0415 - as above

    execute = Statements.execute

    def counting(self: Statements, sql: str, values: Any) -> Any:
        return _counted(board, sql, lambda: execute(self, sql, values))

    Statements.execute = counting  # type: ignore[method-assign]


def _counted(board: Board, sql: str, work: Callable[[], Any]) -> Any:
    commits = sql == "COMMIT"
    board.reach(Point.BEFORE_COMMIT if commits else Point.STATEMENT)
    result = work()
    if commits:
        board.reach(Point.AFTER_COMMIT)
    return result


def _count_requests(board: Board) -> None:
    """Telegram and the receivers of webhooks alike."""
    import aiohttp  # noqa: PLC0415 - as above

    request: Callable[..., Awaitable[Any]] = aiohttp.ClientSession._request
    write: Callable[..., Awaitable[None]] = aiohttp.ClientRequest.write_bytes

    async def asking(self: aiohttp.ClientSession, *args: Any, **more: Any) -> Any:
        board.reach(Point.BEFORE_REQUEST)
        response = await request(self, *args, **more)
        board.reach(Point.RESPONSE_READ)
        return response

    async def writing(self: aiohttp.ClientRequest, *args: Any, **more: Any) -> None:
        await write(self, *args, **more)
        board.reach(Point.REQUEST_WRITTEN)

    aiohttp.ClientSession._request = asking  # type: ignore[method-assign]
    aiohttp.ClientRequest.write_bytes = writing  # type: ignore[method-assign]
