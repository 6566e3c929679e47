"""A lock that is freed when its process ends, so that a dead holder is distinguished from a silent one at once.

On SQLite a locked file beside the database, on PostgreSQL an advisory lock in a session of its own.
"""

import os
from pathlib import Path
from typing import ClassVar, Protocol

from holdline.store.engine import Store
from holdline.store.engines.sqlite import SqliteEngine


class InstanceLock(Protocol):
    """`certain`: a free lock proves that the holder is dead, however long ago. `lost`: we had it, so we may begin
    nothing.
    """

    certain: bool

    @property
    def lost(self) -> bool: ...
    def take(self) -> bool:
        """Takes the lock; returns whether nobody else had it."""

    def is_abandoned(self) -> bool:
        """After `take`: whether the previous holder is dead, and has not just lost the lock. This may take seconds."""

    def keep(self) -> None:
        """Called by the leader, with or without the lock: takes the lock as soon as it is free."""

    def drop(self) -> None: ...


def instance_lock(store: Store, role: str) -> InstanceLock:
    """The lock for this bot's role; it may block for a moment, so take it in a thread."""
    if isinstance(store.engine, SqliteEngine):
        return FileLock(lock_path(store.engine.path, role, store.bot_id))
    from holdline.store.engines.session_lock import SessionLock  # noqa: PLC0415 - its driver is an extra

    return SessionLock(str(getattr(store.engine, "url", "")), f"holdline:{store.bot_id}:{role}")


def find_lock_of_another(database: Path) -> Path | None:
    """A locked file beside the SQLite database that a desk in another process holds, or None."""
    for path in sorted(database.parent.glob(f"{database.name}.*.lock")):
        lock = FileLock(path)
        if path.resolve() not in FileLock.own and not lock.take():
            return path
        lock.drop()
    return None


def lock_path(database: Path, role: str, bot_id: int) -> Path:
    """The locked file beside a SQLite database."""
    return database.with_name(f"{database.name}.{role}-{bot_id}.lock")


class FileLock:
    """flock: the kernel frees it when the process ends, however it ends."""

    certain = True
    lost = False
    own: ClassVar[set[Path]] = set()
    """Held by this process."""

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
        self.own.add(self._path.resolve())
        return True

    def is_abandoned(self) -> bool:
        return True

    def keep(self) -> None:
        self.take()

    def drop(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
            self.own.discard(self._path.resolve())
