"""Whether the database was restored from a backup and is on hold, and the moment of the backup."""

from datetime import datetime

from holdline.store.tx import Row, Tx


def current(tx: Tx) -> Row | None:
    """backup_at and restored_at of the restore that is on hold; None if there is none."""
    return tx.one("SELECT * FROM restores WHERE bot_id = :bot AND ended_at IS NULL", bot=tx.bot_id)


def is_on_hold(tx: Tx) -> bool:
    return current(tx) is not None


def begin(tx: Tx, *, backup_at: datetime) -> None:
    """Puts the database on hold. A backup that was on hold itself stays on hold, with the new times."""
    tx.run(
        "UPDATE restores SET ended_at = :at WHERE bot_id = :bot AND ended_at IS NULL", at=tx.at, bot=tx.bot_id
    )
    tx.run(
        "INSERT INTO restores (bot_id, backup_at, restored_at) VALUES (:bot, :backup, :at)",
        bot=tx.bot_id,
        backup=backup_at,
        at=tx.at,
    )


def end(tx: Tx) -> None:
    """Ends the hold."""
    tx.run(
        "UPDATE restores SET ended_at = :at WHERE bot_id = :bot AND ended_at IS NULL", at=tx.at, bot=tx.bot_id
    )


def newest_trace(tx: Tx) -> datetime | None:
    """The latest time at which the database was certainly in use; None if it is empty."""
    row = tx.one(
        """SELECT MAX(written_at) AS written_at FROM (
               SELECT MAX(received_at) AS written_at FROM inbox WHERE bot_id = :bot
               UNION ALL SELECT MAX(created_at) FROM history WHERE bot_id = :bot
               UNION ALL SELECT MAX(created_at) FROM outbox WHERE bot_id = :bot
               UNION ALL SELECT MAX(created_at) FROM bots WHERE id = :bot) AS traces""",
        bot=tx.bot_id,
    )
    written: datetime | None = row["written_at"] if row else None
    return written
