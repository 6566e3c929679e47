"""Restores the desk after each act of the matrix."""

import sqlite3
from pathlib import Path

from tests.kept_files import LogMark


class Snapshot:
    """The database as it is now; `restore` puts it back, under the open connections of the store.

    These keep the schema and their prepared statements, which cost more than the act itself.
    """

    def __init__(self, path: Path) -> None:
        self._keeper = sqlite3.connect(path, isolation_level=None)
        self._keeper.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._keeper.execute("PRAGMA user_version = 1")  # the log begins again, far from its next checkpoint
        self._mark = LogMark(path)

    def take(self) -> None:
        """What is there now is what comes back from now on."""
        self._mark.move()

    def restore(self) -> None:
        self._keeper.execute("BEGIN IMMEDIATE")
        assert self._mark.is_in_log()
        self._mark.undo_writes()
        self._keeper.execute("ROLLBACK")

    def close(self) -> None:
        self._keeper.close()
        self._mark.close()
