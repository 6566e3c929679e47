"""A connection to a SQLite file, with the thread that uses it."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import aiosqlite

from holdline.store.engines.case_folding import fold_case
from holdline.store.errors import StoreUnavailable


class HostedConnection(aiosqlite.Connection):
    """Runs a whole function in aiosqlite's thread, in one hop.

    It uses the private `_execute` and `_tx`, hence the pin below 0.23 and a test that fails when they change.
    """

    async def run_in_thread(self, work: Callable[[], Any]) -> Any:
        try:
            return await self._execute(work)  # type: ignore[no-untyped-call] # private, see above
        except ValueError as closed:
            if self._connection is None:
                raise StoreUnavailable("the store is closed") from closed
            raise

    def post(self, work: Callable[[], None]) -> None:
        """The same without waiting; `work` reports its outcome itself and never raises."""
        self._tx.put_nowait((None, work))

    @property
    def raw(self) -> sqlite3.Connection:
        return self._conn

    @classmethod
    async def open(cls, path: Path, pragmas: tuple[str, ...]) -> Self:
        connection = cls(lambda: connect(path, pragmas), iter_chunk_size=64)
        try:
            await connection
        except BaseException:
            # The thread reports its end to this loop, which may close next.
            await asyncio.to_thread(connection._thread.join)
            raise
        return connection


def connect(path: Path, pragmas: tuple[str, ...]) -> sqlite3.Connection:
    raw = sqlite3.connect(path, isolation_level=None, cached_statements=512)
    for pragma in pragmas:
        raw.execute(f"PRAGMA {pragma}")
    raw.create_function("folded", 1, fold_case, deterministic=True)
    return raw
