"""Overwrites in a SQLite file what changed and deleted rows have left: search index, free space, log."""

import sqlite3
from pathlib import Path

from holdline.store.errors import StoreUnavailable

INDEXES = ("search_customers", "search_dialogs", "search_messages", "search_notes", "search_attachments")
MERGED_PAGES = 500
"""Of a search index at once: about 20 ms."""
MOST_VACUUMED = 512 * 1024 * 1024
"""A bigger file would stop the desk for more than some five seconds."""


class Scrubbing:
    """FTS5 keeps the words of deleted rows in its index until the parts of the index are merged; pages that were split
    keep old bytes until VACUUM; the log keeps everything until it is cut off.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting = list(INDEXES)
        self._is_begun = False

    def do_piece(self, raw: sqlite3.Connection) -> bool:
        """Returns whether there is more to do. Raises StoreUnavailable if somebody is reading."""
        try:
            if self._waiting:
                self._merge(raw, self._waiting[0])
                return True
            if self._path.stat().st_size <= MOST_VACUUMED:
                raw.execute("VACUUM")
            busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError as broken:
            raise StoreUnavailable(str(broken)) from broken
        if busy:
            raise StoreUnavailable("the log is being read, so it cannot be cut off yet")
        return False

    def _merge(self, raw: sqlite3.Connection, index: str) -> None:
        """A negative number begins to merge all parts; after it, positive ones go on until nothing changes."""
        pages = MERGED_PAGES if self._is_begun else -MERGED_PAGES
        before = raw.total_changes
        raw.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('merge', ?)", (pages,))
        if self._is_begun and raw.total_changes - before < 2:
            self._waiting.pop(0)
            self._is_begun = False
        else:
            self._is_begun = True
