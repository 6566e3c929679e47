"""Closed dialogs that wait to be tagged by the model or the service."""

from datetime import datetime, timedelta

from holdline.store.tx import Row, Tx


def insert(tx: Tx, dialog_id: int) -> None:
    """Adds the dialog, once only."""
    tx.run(
        """INSERT INTO tag_jobs (dialog_id, bot_id, due_at) VALUES (:dialog, :bot, :at)
           ON CONFLICT (dialog_id) DO NOTHING""",
        dialog=dialog_id,
        bot=tx.bot_id,
        at=tx.at,
    )


def next_due(tx: Tx) -> Row | None:
    """dialog_id of the due one that has waited longest."""
    return tx.one(
        "SELECT dialog_id FROM tag_jobs WHERE bot_id = :bot AND due_at <= :at ORDER BY due_at LIMIT 1",
        bot=tx.bot_id,
        at=tx.at,
    )


def count_tries(tx: Tx, dialog_id: int) -> int:
    row = tx.one("SELECT tries FROM tag_jobs WHERE dialog_id = :dialog", dialog=dialog_id)
    return int(row["tries"]) if row else 0


def postpone(tx: Tx, dialog_id: int, *, until: datetime) -> None:
    tx.run(
        "UPDATE tag_jobs SET tries = tries + 1, due_at = :until WHERE dialog_id = :dialog",
        dialog=dialog_id,
        until=until,
    )


def bring_back(tx: Tx, *, ahead: datetime) -> None:
    """Jobs that a clock ahead of this one has postponed are due: none waits longer than an hour."""
    tx.post(
        "UPDATE tag_jobs SET due_at = :at WHERE bot_id = :bot AND due_at > :longest",
        at=tx.at,
        bot=tx.bot_id,
        longest=ahead + timedelta(hours=1),
    )


def delete(tx: Tx, dialog_id: int) -> bool:
    """Deletes the job; returns whether it still waited."""
    return bool(tx.run("DELETE FROM tag_jobs WHERE dialog_id = :dialog", dialog=dialog_id))
