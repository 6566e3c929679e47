"""A lock that dies with its process: how a dead holder is told from a silent one at once.

On SQLite a locked file beside the database, on PostgreSQL an advisory lock of a session of its own.
"""

import hashlib
import os
from pathlib import Path
from typing import Any, Protocol

from holdline.store.engine import Store
from holdline.store.sqlite import SqliteEngine


class InstanceLock(Protocol):
    """`certain`: whether taking it proves that the holder before is dead."""

    certain: bool

    def take(self) -> bool: ...
    def alive(self) -> bool: ...
    def drop(self) -> None: ...


def instance_lock(store: Store, role: str) -> InstanceLock:
    """The lock for this bot's role; it may block for a moment, so take it in a thread."""
    if isinstance(store.engine, SqliteEngine):
        path = store.engine.path
        return FileLock(path.with_name(f"{path.name}.{role}-{store.bot_id}.lock"))
    return SessionLock(str(getattr(store.engine, "url", "")), f"holdline:{store.bot_id}:{role}")


class FileLock:
    """flock: freed by the kernel when the process is gone, however it went."""

    certain = True

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None

    def take(self) -> bool:
        import fcntl  # noqa: PLC0415 - not on every system; there the lease alone decides

        if self._file is not None:
            return True
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            return False
        self._file = file
        return True

    def alive(self) -> bool:
        return self._file is not None

    def drop(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


class SessionLock:
    """pg_advisory_lock on its own connection. A cut connection frees it too, hence not certain."""

    certain = False

    def __init__(self, url: str, name: str) -> None:
        self._url = url
        self._key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        self._session: Any = None

    def take(self) -> bool:
        import psycopg  # noqa: PLC0415 - an extra, not always installed

        if self._session is not None and self.alive():
            return True
        try:
            self._session = psycopg.connect(self._url, autocommit=True, connect_timeout=5)
            row = self._session.execute("SELECT pg_try_advisory_lock(%s)", (self._key,)).fetchone()
        except psycopg.Error:
            self.drop()
            return False
        if row[0]:
            return True
        self.drop()
        return False

    def alive(self) -> bool:
        try:
            return self._session is not None and bool(self._session.execute("SELECT 1"))
        except Exception:  # whatever the driver says: the session is gone
            self.drop()
            return False

    def drop(self) -> None:
        if self._session is not None:
            session, self._session = self._session, None
            session.close()
