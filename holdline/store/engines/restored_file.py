"""The two SQLite files of a restore: the copy that is examined, and the present database that is kept aside."""

import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from holdline.store.engines.backup import UNKNOWN_MINUTE, BackupFailed, copy_database, sync_file


@dataclass(frozen=True, slots=True)
class CopyFacts:
    """The migrations that a copy has run, and the bots whose desks it holds; None if it is no database of Holdline."""

    versions: frozenset[int]
    bots: frozenset[int]


def stage_copy(backup: Path, part: Path) -> CopyFacts | None:
    """Writes a verified, marked copy of the backup to `part`, readable by its owner only. Raises BackupFailed."""
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        remove_database(part)
        os.close(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        copy_database(backup, part, minute=UNKNOWN_MINUTE)
        facts = _facts_of(part)
        sync_file(part)
    except (sqlite3.Error, OSError) as broken:
        with suppress(OSError):
            remove_database(part)
        raise BackupFailed(f"{backup} cannot be restored: {broken}.") from broken
    return facts


def end_log(database: Path) -> None:
    """Takes in what the write-ahead log holds and removes it. A damaged database keeps its log."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(database, timeout=5)) as present:
        present.execute("PRAGMA journal_mode=DELETE")


def remove_database(path: Path) -> None:
    """Removes the file, and what SQLite may have left beside it."""
    path.unlink(missing_ok=True)
    remove_log(path)


def remove_log(path: Path) -> None:
    for suffix in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _facts_of(part: Path) -> CopyFacts | None:
    with closing(sqlite3.connect(part)) as copy:
        tables = {row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"migrations", "bots", "settings"} <= tables:
            return None
        versions = {row[0] for row in copy.execute("SELECT version FROM migrations")}
        bots = {row[0] for row in copy.execute("SELECT id FROM bots UNION SELECT bot_id FROM settings")}
    return CopyFacts(frozenset(versions), frozenset(bots))
