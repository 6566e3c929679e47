"""SQLite: one writer that groups transactions, with readers beside it, hosted by aiosqlite's threads.

WAL with synchronous=FULL loses no acknowledged commit in a power cut. Grouping waiting transactions into one commit
(a savepoint each, up to 64) makes that affordable. Every write opens with BEGIN IMMEDIATE.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import cycle
from pathlib import Path
from time import perf_counter
from typing import Any, ClassVar, Protocol

from holdline.store.engines.database_file import ensure_private_file, identity_of, require_same_file
from holdline.store.engines.disk_reserve import DiskReserve
from holdline.store.engines.hosted_connection import HostedConnection
from holdline.store.engines.migrate import BeforeUpgrade, migrate
from holdline.store.engines.query_cache import QueryCache
from holdline.store.engines.scrubbing import Scrubbing
from holdline.store.engines.sqlite_statements import as_store_error, executor_of, is_unavailable
from holdline.store.errors import DiskFull, StoreUnavailable
from holdline.store.tx import Cursor, Row, Tx

MAX_GROUP_SIZE = 64
GROUP_SECONDS = 0.005
"""How long new transactions may join a running group: a commit costs as much as several transactions."""
EARLY_BELLS = frozenset({"inbox", "outbox"})
"""Bells whose loops answer with a transaction of their own: rung before the commit, so that it can join the same one.

It runs after the transaction that rang, in order, and nothing of it is visible outside before both are committed.
"""
READERS = 2
"""For short queries; one more reader takes the long ones, so that short ones never wait for them."""
CHECKPOINT_PAGES = 4000
"""16 MB: hot pages are copied back once for many commits, and the log stays far below its limit of 64 MB."""
_WRITER = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "busy_timeout=5000",
    f"wal_autocheckpoint={CHECKPOINT_PAGES}",
    "secure_delete=ON",  # what is erased is overwritten; some builds leave it in free pages
    "temp_store=MEMORY",  # undo data of savepoints need not be on disk
    "cache_size=-16000",  # 16 MB: the hot pages of some forty B-trees
)
_READER = ("query_only=ON", "foreign_keys=ON", "busy_timeout=5000", "wal_autocheckpoint=0")


class SqliteTxFactory(Protocol):
    """Makes the transaction; queries that `memory` holds are not run again."""

    def __call__(self, execute: Callable[[str, Row], Cursor], memory: QueryCache | None = None) -> Tx: ...


class _Transaction:
    """A function waiting for its turn in a group, then its outcome; `over` is set in the event loop."""

    __slots__ = ("error", "over", "result", "tx", "work")

    def __init__(self, work: Callable[[Tx], Any], over: asyncio.Future[None]) -> None:
        self.work = work
        self.over = over
        self.result: Any = None
        self.error: Exception | None = None
        self.tx: Tx | None = None


class SqliteEngine:
    """Owns one database file (never `:memory:`, because readers could not see it)."""

    name = "sqlite"
    connection_class: ClassVar[type[HostedConnection]] = HostedConnection
    """In tests: a class whose connections outlive the store."""

    def __init__(
        self, path: Path, make_tx: SqliteTxFactory, ring: Callable[[str], None], *, reserve_bytes: int = 0
    ) -> None:
        self.path = path
        self.reserve: DiskReserve = DiskReserve(path, reserve_bytes)
        self._make_tx = make_tx
        self._ring = ring
        self._waiting: deque[_Transaction] = deque()
        self._at_work = False
        self._memory = QueryCache()
        self._seen_version = -1
        self._has_room_in_log = False
        self._identity: tuple[int, int] | None = None
        self._writer: HostedConnection | None = None
        self._readers: list[HostedConnection] = []
        self._slow_reader: HostedConnection | None = None

    async def start(self, before: BeforeUpgrade | None = None) -> list[str]:
        """Opens and migrates; returns the names of the migrations that ran."""
        ensure_private_file(self.path)
        try:
            self._writer = await self.connection_class.open(self.path, _WRITER)
            ran: list[str] = await self._writer.run_in_thread(lambda: self._migrate(before))
            self._readers = [await self.connection_class.open(self.path, _READER) for _ in range(READERS)]
            self._identity = identity_of(self.path)
            self._next_reader = cycle(self._readers)
            self._slow_reader = await self.connection_class.open(self.path, _READER)
        except sqlite3.Error as broken:
            await self.close()
            raise StoreUnavailable(f"cannot open {self.path}: {broken}") from broken
        except BaseException:
            await self.close()
            raise
        return ran

    async def close(self) -> None:
        """Closes all connections: otherwise aiosqlite's threads would keep the process alive forever."""
        alone = [thread for thread in (self._slow_reader, self._writer) if thread]
        closing = [*self._readers, *alone]
        self._readers, self._slow_reader, self._writer = [], None, None
        for connection in closing:
            await connection.close()

    async def write(self, work: Callable[[Tx], Any]) -> tuple[Any, set[str]]:
        """Returns the result and the bells still to ring. The event loop is woken once for a whole group."""
        if self._writer is None:
            raise StoreUnavailable("the store is closed")
        loop = asyncio.get_running_loop()
        unit = _Transaction(work, loop.create_future())
        self._waiting.append(unit)
        self._start_draining(loop)
        await unit.over
        if unit.error is not None:
            raise unit.error
        return unit.result, unit.tx.woken - EARLY_BELLS if unit.tx else set()

    async def read(self, work: Callable[[Tx], Any], *, much: bool = False) -> Any:
        if self._slow_reader is None:
            raise StoreUnavailable("the store is closed")
        connection = self._slow_reader if much else next(self._next_reader)
        return await connection.run_in_thread(lambda: self._read_snapshot(connection.raw, work))

    async def scrub(self) -> None:
        """A piece at a time in the writer's thread, so that transactions run in between; the last piece, VACUUM, takes
        seconds for some hundred megabytes, and a bigger file is left to a stopped desk.
        """
        scrubbing = Scrubbing(self.path)
        more = True
        while more:
            if self._writer is None:
                raise StoreUnavailable("the store is closed")
            raw = self._writer.raw
            more = await self._writer.run_in_thread(partial(scrubbing.do_piece, raw))

    async def refresh_statistics(self) -> int:
        """Nothing: SQLite plans by its indexes here, and no statement depends on the sizes of tables."""
        return 0

    def _migrate(self, before: BeforeUpgrade | None) -> list[str]:
        assert self._writer is not None
        raw = self._writer.raw
        raw.execute("BEGIN IMMEDIATE")
        try:
            ran = migrate(lambda sql: raw.execute(sql).fetchall(), self.name, before=before)
        except BaseException:
            raw.execute("ROLLBACK")
            raise
        raw.execute("COMMIT")
        return ran

    def _read_snapshot(self, raw: sqlite3.Connection, work: Callable[[Tx], Any]) -> Any:
        raw.execute("BEGIN")
        try:
            return work(self._make_tx(executor_of(raw)))
        except sqlite3.OperationalError as broken:
            if is_unavailable(broken):
                raise StoreUnavailable(str(broken)) from broken
            raise
        finally:
            raw.execute("ROLLBACK")

    def _start_draining(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called in the loop: the thread drains the queue and reports back; new work starts it again."""
        if self._at_work or not self._waiting:
            return
        if self._writer is None:
            self._report_outcomes(self._refuse_all(StoreUnavailable("the store is closed")), None)
            return
        self._at_work = True
        raw = self._writer.raw
        self._writer.post(lambda: self._drain(raw, loop))

    def _drain(self, raw: sqlite3.Connection, loop: asyncio.AbstractEventLoop) -> None:
        """Runs in the writer's thread: commits group by group and notifies the loop once per group."""
        more = True
        while more:
            group = self._commit_group(raw, loop)
            more = bool(self._waiting)
            loop.call_soon_threadsafe(self._report_outcomes, group, None if more else loop)

    def _report_outcomes(self, group: list[_Transaction], resting: asyncio.AbstractEventLoop | None) -> None:
        """Called in the loop. A thread that is `resting` found no more work; newer work starts it again."""
        for unit in group:
            if not unit.over.done():  # its caller may have been cancelled
                unit.over.set_result(None)
        if resting is not None:
            self._at_work = False
            self._start_draining(resting)

    def _refuse_all(self, refusal: StoreUnavailable) -> list[_Transaction]:
        group = list(self._waiting)
        self._waiting.clear()
        for unit in group:
            unit.error = refusal
        return group

    def _commit_group(self, raw: sqlite3.Connection, loop: asyncio.AbstractEventLoop) -> list[_Transaction]:
        """Makes one commit of the transactions that wait now and those that come while it runs."""
        group: list[_Transaction] = []
        rung: set[str] = set()
        until = perf_counter() + GROUP_SECONDS
        try:
            require_same_file(self.path, self._identity)
            raw.execute("BEGIN IMMEDIATE")
            self._forget_if_changed_elsewhere(raw)
            while self._waiting and len(group) < MAX_GROUP_SIZE and (not group or perf_counter() < until):
                group.append(self._waiting.popleft())
                self._run(raw, group[-1])
                for channel in self._woken(group[-1]) - rung:
                    rung.add(channel)
                    loop.call_soon_threadsafe(self._ring, channel)
            require_same_file(self.path, self._identity)
            raw.execute("COMMIT")
            self.reserve.is_full = self._has_room_in_log = False
        except BaseException as broken:  # whatever the error, no caller may wait forever
            with suppress(sqlite3.Error):
                if raw.in_transaction:
                    raw.execute("ROLLBACK")
            self._memory.forget()
            is_full = self.reserve.is_cause_of(broken)
            if is_full and self._make_room(raw):
                return self._put_back(group)
            kind = DiskFull if is_full else StoreUnavailable
            for unit in group:
                unit.error = kind(str(broken))
            group = group or self._refuse_all(kind(str(broken)))  # BEGIN itself failed
        return group

    def _make_room(self, raw: sqlite3.Connection) -> bool:
        """Called when the disk is full: gives up the reserve, or empties the log so that its room is used again.

        Returns whether another try is worth it.
        """
        if self.reserve.give_up():
            return True
        self.reserve.is_full = True
        if self._has_room_in_log:
            return False
        with suppress(sqlite3.Error):
            busy, pages, moved = raw.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            self._has_room_in_log = not busy and pages > 0 and pages == moved
        return self._has_room_in_log

    def _put_back(self, group: list[_Transaction]) -> list[_Transaction]:
        """To run again, before those that wait. No outcome has been reported yet."""
        for unit in reversed(group):
            unit.error, unit.result, unit.tx = None, None, None
            self._waiting.appendleft(unit)
        return []

    @staticmethod
    def _woken(unit: _Transaction) -> set[str]:
        return unit.tx.woken & EARLY_BELLS if unit.tx and unit.error is None else set()

    def _forget_if_changed_elsewhere(self, raw: sqlite3.Connection) -> None:
        """Empties the cache if another process has written since (a key made, a desk taken over)."""
        version = raw.execute("PRAGMA data_version").fetchone()[0]
        if version != self._seen_version:
            self._memory.forget()
            self._seen_version = version

    def _run(self, raw: sqlite3.Connection, unit: _Transaction) -> None:
        raw.execute("SAVEPOINT unit")
        try:
            unit.tx = self._make_tx(executor_of(raw), self._memory)
            unit.result = unit.work(unit.tx)
        except Exception as refused:
            if is_unavailable(refused):
                raise  # disk full, read-only, locked: the whole group is refused
            raw.execute("ROLLBACK TO unit")
            self._memory.forget()
            unit.error = as_store_error(refused)
        raw.execute("RELEASE unit")
