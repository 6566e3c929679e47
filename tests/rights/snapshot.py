"""The way back after each act of the matrix."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


class Snapshot:
    """The database as it is now; `restore` puts it back, under the open connections of the store."""

    def __init__(self, path: Path) -> None:
        self._path, self._kept = path, sqlite3.connect(":memory:")
        self.take()

    def take(self) -> None:
        """What is there now is what comes back from now on."""
        with self._opened() as live:
            live.backup(self._kept)

    def restore(self) -> None:
        with self._opened() as live:
            self._kept.backup(live)

    def close(self) -> None:
        self._kept.close()

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path)) as live:
            yield live
