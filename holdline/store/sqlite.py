"""SQLite: one grouping writer with readers beside it, hosted by aiosqlite's threads.

WAL with synchronous=FULL loses no acknowledged commit in a power cut; grouping what waits into one commit
(a savepoint a unit, up to 64) makes that affordable. Every write opens with BEGIN IMMEDIATE.
"""

import os
import re
import sqlite3
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from itertools import cycle
from pathlib import Path
from typing import Any

import aiosqlite

from holdline.store.errors import StoreConflict, StoreUnavailable
from holdline.store.folding import folded
from holdline.store.migrate import migrate
from holdline.store.tx import Cursor, Row, Tx

GROUP = 64
READERS = 2
_LOCKS = re.compile(r"\s+FOR UPDATE(?: OF \w+)?(?: SKIP LOCKED)?", re.IGNORECASE)
_WRITER = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000")
_READER = ("query_only=ON", "foreign_keys=ON", "busy_timeout=5000", "wal_autocheckpoint=0")

MakeTx = Callable[[Callable[[str, Row], Cursor]], Tx]


class HostedConnection(aiosqlite.Connection):
    """aiosqlite keeps the thread; this runs a whole function in it, in one hop.

    It leans on the private `_execute`, hence the pin below 0.23 and a test that fails when it changes.
    """

    async def hop(self, work: Callable[[], Any]) -> Any:
        try:
            return await self._execute(work)  # type: ignore[no-untyped-call] # private, see above
        except ValueError as closed:
            if self._connection is None:
                raise StoreUnavailable("the store is closed") from closed
            raise

    @property
    def raw(self) -> sqlite3.Connection:
        return self._conn


class _Unit:
    """A function waiting for its turn in a group, then its outcome."""

    __slots__ = ("done", "error", "result", "tx", "work")

    def __init__(self, work: Callable[[Tx], Any]) -> None:
        self.work = work
        self.done = False
        self.result: Any = None
        self.error: Exception | None = None
        self.tx: Tx | None = None


class SqliteEngine:
    """Owns one database file (or `:memory:` never: readers could not see it)."""

    name = "sqlite"

    def __init__(self, path: Path, make_tx: MakeTx) -> None:
        self.path = path
        self._make_tx = make_tx
        self._waiting: deque[_Unit] = deque()
        self._writer: HostedConnection | None = None
        self._readers: list[HostedConnection] = []

    async def start(self) -> list[str]:
        """Open, migrate; the names of the migrations that ran."""
        private_file(self.path)
        try:
            self._writer = await self._connect(_WRITER)
            ran: list[str] = await self._writer.hop(self._migrate)
            self._readers = [await self._connect(_READER) for _ in range(READERS)]
            self._next_reader = cycle(self._readers)
        except sqlite3.Error as broken:
            await self.close()
            raise StoreUnavailable(f"cannot open {self.path}: {broken}") from broken
        except BaseException:
            await self.close()
            raise
        return ran

    async def close(self) -> None:
        """Without this aiosqlite's threads keep the process alive for ever."""
        for connection in [*self._readers, *([self._writer] if self._writer else [])]:
            await connection.close()
        self._readers, self._writer = [], None

    async def write(self, work: Callable[[Tx], Any]) -> tuple[Any, set[str]]:
        """Result and bells to ring; whoever reaches the thread first commits for all that wait."""
        if self._writer is None:
            raise StoreUnavailable("the store is closed")
        unit = _Unit(work)
        self._waiting.append(unit)
        while not unit.done:
            await self._writer.hop(self._drain)
        if unit.error is not None:
            raise unit.error
        return unit.result, unit.tx.woken if unit.tx else set()

    async def read(self, work: Callable[[Tx], Any]) -> Any:
        if not self._readers:
            raise StoreUnavailable("the store is closed")
        connection = next(self._next_reader)
        return await connection.hop(lambda: self._reading(connection.raw, work))

    async def _connect(self, pragmas: tuple[str, ...]) -> HostedConnection:
        def connect() -> sqlite3.Connection:
            raw = sqlite3.connect(self.path, isolation_level=None, cached_statements=512)
            for pragma in pragmas:
                raw.execute(f"PRAGMA {pragma}")
            raw.create_function("folded", 1, folded, deterministic=True)
            return raw

        connection = HostedConnection(connect, iter_chunk_size=64)
        await connection
        return connection

    def _migrate(self) -> list[str]:
        assert self._writer is not None
        raw = self._writer.raw
        raw.execute("BEGIN IMMEDIATE")
        try:
            ran = migrate(lambda sql: raw.execute(sql).fetchall(), self.name)
        except BaseException:
            raw.execute("ROLLBACK")
            raise
        raw.execute("COMMIT")
        return ran

    def _reading(self, raw: sqlite3.Connection, work: Callable[[Tx], Any]) -> Any:
        raw.execute("BEGIN")
        try:
            return work(self._make_tx(_executor(raw)))
        except sqlite3.OperationalError as broken:
            if _unavailable(broken):
                raise StoreUnavailable(str(broken)) from broken
            raise
        finally:
            raw.execute("ROLLBACK")

    def _drain(self) -> None:
        """In the writer's thread: run what waits as one commit."""
        group = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
        if not group or self._writer is None:
            return
        raw = self._writer.raw
        try:
            raw.execute("BEGIN IMMEDIATE")
            for unit in group:
                self._run(raw, unit)
            raw.execute("COMMIT")
        except sqlite3.Error as broken:
            if raw.in_transaction:
                raw.execute("ROLLBACK")
            for unit in group:
                unit.error = StoreUnavailable(str(broken))
        for unit in group:
            unit.done = True

    def _run(self, raw: sqlite3.Connection, unit: _Unit) -> None:
        raw.execute("SAVEPOINT unit")
        try:
            unit.tx = self._make_tx(_executor(raw))
            unit.result = unit.work(unit.tx)
        except Exception as refused:
            if _unavailable(refused):
                raise  # disk full, read-only, locked: the whole group is refused
            raw.execute("ROLLBACK TO unit")
            unit.error = _named(refused)
        raw.execute("RELEASE unit")


def private_file(path: Path) -> None:
    """Create the file readable by its owner only; an existing one is left as it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _executor(raw: sqlite3.Connection) -> Callable[[str, Row], Cursor]:
    return lambda sql, values: raw.execute(_spoken(sql), values)


@lru_cache(maxsize=2048)
def _spoken(sql: str) -> str:
    return _LOCKS.sub("", sql)


def _unavailable(refused: Exception) -> bool:
    """The database is in trouble, not the query: a mistake in SQL would otherwise be repeated for ever."""
    code: int = getattr(refused, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    return isinstance(refused, sqlite3.OperationalError) and code & 0xFF != sqlite3.SQLITE_ERROR


def _named(refused: Exception) -> Exception:
    if isinstance(refused, sqlite3.IntegrityError) and "UNIQUE" in str(refused):
        return StoreConflict(str(refused))
    return refused
