"""PostgreSQL: synchronous transactions on pooled connections in threads; NOTIFY rings other processes' bells."""

import asyncio
import logging
import selectors
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar, Protocol, TypeVar, cast

import psycopg
from psycopg import errors
from psycopg_pool import ConnectionPool, PoolTimeout

from holdline.store.engines import statistics
from holdline.store.engines.migrate import BeforeUpgrade, Upgrade, migrate, schema_version
from holdline.store.engines.postgres_statements import CHANNEL, Statements
from holdline.store.engines.query_cache import QueryCache
from holdline.store.errors import DiskFull, StoreConflict, StoreInUse, StoreUnavailable, UniqueConflict
from holdline.store.tx import Cursor, Row, Tx

T = TypeVar("T")
log = logging.getLogger("holdline.store")
CONNECTIONS = 8
_TRY_MIGRATION_LOCK = b"SELECT pg_try_advisory_xact_lock(7236401)"
_IN_USE = 7236402
_TRY_SHARED = f"SELECT pg_try_advisory_lock_shared({_IN_USE})".encode()
_TRY_ALONE = f"SELECT pg_try_advisory_xact_lock({_IN_USE})".encode()
"""Every process holds the shared lock as long as it listens. Only who has it alone may change the tables."""
ALONE_SECONDS = 15.0
"""Longer than an orderly stop, for units that are restarted together."""
_REPLACED = (
    "a newer Holdline has changed the tables while this process was cut off: stop it and start the newer one"
)
MIGRATION_SECONDS, MIGRATION_LOOK_SECONDS = 600.0, 0.2
_READ_ONLY = (errors.ReadOnlySqlTransaction, errors.IdleInTransactionSessionTimeout)  # no OperationalErrors
_AWAY = (psycopg.OperationalError, PoolTimeout, *_READ_ONLY)
_CONFLICTS = (errors.SerializationFailure, errors.DeadlockDetected)
LOCK_SECONDS = 5
"""A transaction that waits longer than this for locked rows is given up and retried later."""

_ONCE = frozenset({"leases", "webhooks"})
"""Cached for one transaction although they change. Leases: the first read decides, because the epoch is no lock.
Webhooks: each event of a round asks for them; one that is switched off meanwhile gets nothing, which its insert checks.
"""

REASON_SECONDS = 5
RECONNECT_SECONDS = 2.0
"""After this long the pool gives an attempt up, and the next query begins one at once. Otherwise the pauses between
attempts double: after an outage of a minute the pool would wait for half a minute more.
"""


class PostgresTxFactory(Protocol):
    """Makes the transaction; `post` takes statements whose result nobody needs before the end."""

    def __call__(
        self,
        execute: Callable[[str, Row], Cursor],
        memory: QueryCache | None = None,
        *,
        post: Callable[[str, Row], None],
    ) -> Tx: ...


class PostgresEngine:
    """Owns a pool, the threads that use it and one listening connection."""

    name = "postgres"
    reserve = None
    connection_class: ClassVar[type[psycopg.Connection[Any]]] = psycopg.Connection
    """In tests: a class whose session outlives the store."""

    def __init__(self, url: str, make_tx: PostgresTxFactory, ring: Callable[[str], None]) -> None:
        self.url = url
        self._make_tx = make_tx
        self._ring = ring
        self._threads = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="postgres")
        self._pool = ConnectionPool(
            url,
            min_size=1,
            max_size=CONNECTIONS,
            open=False,
            timeout=5,
            reconnect_timeout=RECONNECT_SECONDS,
            kwargs={"autocommit": True, "prepare_threshold": None},  # `Statements` prepares them
            configure=_limit_waits,
            connection_class=self.connection_class,
        )
        self._stopping = threading.Event()
        self._is_replaced = False
        self._stop_sender: socket.socket | None = None
        self._listener: threading.Thread | None = None

    async def start(self, before: BeforeUpgrade | None = None) -> list[str]:
        """Opens, migrates and listens; returns the names of the migrations that ran."""
        ran = await self._run_in_thread(lambda: self._open(before))
        loop = asyncio.get_running_loop()
        stop_receiver, self._stop_sender = socket.socketpair()
        self._listener = threading.Thread(
            target=self._listen, args=(loop, stop_receiver), daemon=True, name="postgres-listen"
        )
        self._listener.start()
        return cast("list[str]", ran)

    async def close(self) -> None:
        self._stopping.set()
        if self._stop_sender is not None:
            self._stop_sender.close()  # the listener notices it at once
        await asyncio.get_running_loop().run_in_executor(None, self._shut)

    async def write(self, work: Callable[[Tx], Any]) -> tuple[Any, set[str]]:
        return cast("tuple[Any, set[str]]", await self._run_in_thread(lambda: self._run_transaction(work)))

    async def read(self, work: Callable[[Tx], Any], *, much: bool = False) -> Any:
        """`much` makes no difference: one long read leaves enough connections for the others."""
        result, _ = cast(
            "tuple[Any, set[str]]", await self._run_in_thread(lambda: self._run_transaction(work))
        )
        return result

    async def scrub(self) -> None:
        """Removes dead rows. Their bytes stay in free space and in the log until PostgreSQL reuses them."""
        await self._run_in_thread(lambda: self._maintain(lambda connection: connection.execute("VACUUM")))

    async def refresh_statistics(self) -> int:
        """Returns how many tables were analysed because they have grown suddenly."""
        tables: list[str] = await self._run_in_thread(lambda: self._maintain(statistics.refresh))
        return len(tables)

    def _maintain(self, work: Callable[[psycopg.Connection[Any]], T]) -> T:
        """Runs what cannot be a part of a transaction."""
        try:
            with self._pool.connection() as connection:
                return work(connection)
        except _AWAY as broken:
            raise StoreUnavailable(str(broken)) from broken

    async def _run_in_thread(self, work: Callable[[], Any]) -> Any:
        if self._stopping.is_set():
            raise StoreUnavailable("the store is closed")
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _open(self, before: BeforeUpgrade | None) -> list[str]:
        try:
            self._pool.open(wait=True, timeout=10)
            with self._pool.connection() as connection, connection.transaction():
                self._wait_for_other_migrations(connection)

                def execute(sql: str) -> list[tuple[Any, ...]]:
                    cursor = connection.execute(sql.encode())
                    return cursor.fetchall() if cursor.description else []

                def prepare(upgrade: Upgrade) -> None:
                    if before is not None:
                        before(upgrade)
                    if not upgrade.is_new:
                        self._wait_until_alone(connection)

                return migrate(execute, self.name, before=prepare)
        except PoolTimeout as silent:
            reason = self._reason(silent)
            verb = "refuses the connection" if "FATAL" in reason else "does not answer"
            raise StoreUnavailable(f"PostgreSQL {verb}: {reason}") from silent
        except _AWAY as broken:
            raise StoreUnavailable(f"PostgreSQL does not answer: {broken}") from broken

    def _wait_for_other_migrations(self, connection: psycopg.Connection[Any]) -> None:
        """Processes that start together prepare the tables one after another, however long the first one takes."""
        deadline, has_told = time.monotonic() + MIGRATION_SECONDS, False
        while connection.execute(_TRY_MIGRATION_LOCK).fetchone() != (True,):
            if not has_told:
                log.info("Waiting for another process that prepares the tables.")
                has_told = True
            if time.monotonic() > deadline:
                raise StoreUnavailable(
                    "another process has been preparing the tables for ten minutes; look at its log"
                )
            if self._stopping.wait(MIGRATION_LOOK_SECONDS):
                raise StoreUnavailable("the store is closed")

    def _wait_until_alone(self, connection: psycopg.Connection[Any]) -> None:
        """An older process would work on with tables that it does not know: it drops what it cannot read."""
        deadline, has_told = time.monotonic() + ALONE_SECONDS, False
        while connection.execute(_TRY_ALONE).fetchone() != (True,):
            if not has_told:
                log.info(
                    "Waiting for the other processes of Holdline to stop, because the tables must change."
                )
                has_told = True
            if time.monotonic() > deadline:
                raise StoreInUse(
                    "other processes of Holdline work on this database, and its tables must change: stop all of "
                    "them, then run this again. Nothing was changed."
                )
            if self._stopping.wait(MIGRATION_LOOK_SECONDS):
                raise StoreUnavailable("the store is closed")

    def _reason(self, silent: PoolTimeout) -> str:
        """The pool only says that it timed out; a direct connection says why. Drivers never repeat the password."""
        try:
            psycopg.connect(self.url, connect_timeout=REASON_SECONDS).close()
        except psycopg.Error as broken:
            return " ".join(str(broken).split())
        return str(silent)

    def _shut(self) -> None:
        if self._listener is not None:
            self._listener.join()
        self._threads.shutdown(wait=True)
        self._pool.close()

    def _run_transaction(self, work: Callable[[Tx], Any]) -> tuple[Any, set[str]]:
        if self._is_replaced:
            raise StoreUnavailable(_REPLACED)
        try:
            with self._pool.connection() as connection:  # rolls back anything not committed
                try:
                    statements = Statements(connection)
                    tx = self._make_tx(statements.execute, QueryCache(_ONCE), post=statements.post)
                    result = work(tx)
                    statements.commit(tx.woken, waits_for_disk=not tx.commits_lazily)
                except _READ_ONLY:
                    connection.close()  # another server may be the writable one now: the pool reconnects
                    raise
                return result, tx.woken
        except errors.UniqueViolation as met:
            raise UniqueConflict(str(met)) from met
        except _CONFLICTS as met:
            raise StoreConflict(str(met)) from met
        except errors.DiskFull as full:
            raise DiskFull(str(full)) from full
        except _AWAY as broken:
            raise StoreUnavailable(str(broken)) from broken

    def _listen(self, loop: asyncio.AbstractEventLoop, stop_receiver: socket.socket) -> None:
        """Rings the bells that other processes rang. A lost connection is reopened; the loops poll meanwhile."""
        with stop_receiver:
            while not self._stopping.is_set():
                try:
                    with self.connection_class.connect(self.url, autocommit=True) as connection:
                        self._show_use(connection)
                        connection.execute(f"LISTEN {CHANNEL}".encode())
                        self._hear(connection, loop, stop_receiver)
                except psycopg.Error:
                    self._stopping.wait(1)

    def _show_use(self, connection: psycopg.Connection[Any]) -> None:
        """Waits while another process changes the tables, then looks whether it has: the session may have been cut."""
        while connection.execute(_TRY_SHARED).fetchone() != (True,):
            if self._stopping.wait(MIGRATION_LOOK_SECONDS):
                return
        newest = connection.execute(b"SELECT MAX(version) FROM migrations").fetchone()
        self._is_replaced = newest is not None and (newest[0] or 0) > schema_version()

    def _hear(
        self,
        connection: psycopg.Connection[Any],
        loop: asyncio.AbstractEventLoop,
        stop_receiver: socket.socket,
    ) -> None:
        """Rings until the store is closed. It waits for notices and for the close together, so neither delays the
        other.
        """
        with selectors.DefaultSelector() as either:
            either.register(connection, selectors.EVENT_READ)
            either.register(stop_receiver, selectors.EVENT_READ)
            while not self._stopping.is_set():
                for notice in connection.notifies(timeout=0):
                    loop.call_soon_threadsafe(self._ring, notice.payload)
                either.select()


def _limit_waits(connection: psycopg.Connection[Any]) -> None:
    connection.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'".encode())
