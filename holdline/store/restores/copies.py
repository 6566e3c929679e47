"""How a desk finds out that its database is a copy.

SQLite: every copy that Holdline makes carries a mark (engines/backup.py). PostgreSQL: the database remembers who it is,
and a dump that was restored elsewhere, or over it, is another one. Copies of files that other tools made cannot be
told from the original.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from holdline.store.engines.backup import CLEAR_MARK, READ_MARK, UNKNOWN_MINUTE
from holdline.store.screens import settings
from holdline.store.tx import EPOCH, Tx

_IDENTITY, _LEFT_MARK = "database_identity", "copy_mark"


@dataclass(frozen=True, slots=True)
class CopyMark:
    """`made_at` is None if only the rows can tell when the copy was made."""

    made_at: datetime | None = None


def take_mark(tx: Tx, engine: str) -> CopyMark | None:
    """The mark of a restored database, which is removed; None if it has none. The transaction that takes it puts
    the database on hold.
    """
    return _take_of_sqlite(tx) if engine == "sqlite" else _compare_identity(tx)


def is_unseen_copy(tx: Tx, engine: str) -> bool:
    """Whether the database is a restored copy that no desk has started with; changes nothing."""
    if engine != "sqlite":
        before = settings.value(tx, _IDENTITY)
        return before is not None and before != _identity(tx)
    row = tx.one(READ_MARK)
    return bool(row and row["user_version"]) or bool(settings.value(tx, _LEFT_MARK, 0))


def _take_of_sqlite(tx: Tx) -> CopyMark | None:
    row = tx.one(READ_MARK)
    minutes = int(row["user_version"]) if row else 0
    if minutes:
        tx.run(CLEAR_MARK)
        _leave_for_other_bots(tx, minutes)
    else:
        minutes = settings.value(tx, _LEFT_MARK, 0)
    if not minutes:
        return None
    settings.put(tx, _LEFT_MARK, 0)
    return CopyMark(
        None if minutes == UNKNOWN_MINUTE else (EPOCH + timedelta(minutes=minutes)).astimezone(UTC)
    )


def _leave_for_other_bots(tx: Tx, minutes: int) -> None:
    """The file has one mark. The desks of other bots in it find theirs in a setting when they start."""
    for row in tx.all("SELECT id FROM bots WHERE id <> :bot", bot=tx.bot_id):
        tx.run(
            """INSERT INTO settings (bot_id, name, value_json) VALUES (:other, :name, :mark)
               ON CONFLICT (bot_id, name) DO UPDATE SET value_json = excluded.value_json""",
            other=row["id"],
            name=_LEFT_MARK,
            mark=str(minutes),
        )


def _compare_identity(tx: Tx) -> CopyMark | None:
    settings.lock(tx, _IDENTITY)
    before, now = settings.value(tx, _IDENTITY), _identity(tx)
    if before == now:
        return None
    settings.put(tx, _IDENTITY, now)
    return CopyMark() if before is not None else None


def _identity(tx: Tx) -> str:
    """The server, the database and its table: a restored dump has another of at least one."""
    row = tx.one(
        """SELECT CAST((SELECT oid FROM pg_database WHERE datname = current_database()) AS TEXT) AS base,
                  CAST(CAST('restores' AS regclass) AS oid) AS own,
                  has_function_privilege('pg_control_system()', 'EXECUTE') AS may_ask"""
    )
    assert row is not None
    server = (
        tx.one("SELECT CAST(system_identifier AS TEXT) AS id FROM pg_control_system()")
        if row["may_ask"]
        else None
    )
    return f"{server['id'] if server else '?'}:{row['base']}:{row['own']}"
