"""Letters that wait for the mail server, and their results."""

from datetime import datetime

from holdline.dialogs.outbox.letters import LONGEST_PAUSE, Mail
from holdline.store.restores.held_work import not_held
from holdline.store.tx import Tx


def insert(tx: Tx, *, to_address: str, subject: str, body: str, reader_id: int | None = None) -> int:
    """`reader_id`: the manager whom the desk informs, so that the letter is kept from them once they have left."""
    row = tx.one(
        """INSERT INTO mails (bot_id, to_address, subject, body, reader_id, due_at, created_at)
           VALUES (:bot, :to, :subject, :body, :reader, :at, :at) RETURNING id""",
        bot=tx.bot_id,
        to=to_address,
        subject=subject,
        body=body,
        reader=reader_id,
        at=tx.at,
    )
    assert row is not None
    return int(row["id"])


def take_due(tx: Tx, *, again_at: datetime, limit: int) -> list[Mail]:
    """Takes the oldest due letters. Each counts a try, and is due `again_at` if nobody reports the result."""
    rows = tx.all(
        f"""UPDATE mails SET attempts = attempts + 1, due_at = :again WHERE id IN (
               SELECT id FROM mails WHERE bot_id = :bot AND status = 'queued' AND due_at <= :at
               AND {not_held("mails", "mails.id")} ORDER BY due_at, id LIMIT :limit FOR UPDATE SKIP LOCKED)
           RETURNING id, to_address, subject, body, attempts""",
        bot=tx.bot_id,
        at=tx.at,
        again=again_at,
        limit=limit,
    )
    return [Mail(**row) for row in sorted(rows, key=lambda row: int(row["id"]))]


def settle(tx: Tx, mail_id: int, *, status: str, error: str | None, attempt: int | None = None) -> None:
    """Ends it as sent, refused or parked: from now on it is not retried. `attempt`: the result is that of this try; if
    a later one has begun, it decides.
    """
    tx.run(
        """UPDATE mails SET status = :status, error = :error, settled_at = :at
           WHERE bot_id = :bot AND id = :id AND status = 'queued'
           AND (CAST(:attempt AS BIGINT) IS NULL OR attempts = :attempt)""",
        attempt=attempt,
        bot=tx.bot_id,
        id=mail_id,
        status=status,
        error=error,
        at=tx.at,
    )


def refuse_for_reader(tx: Tx, reader_id: int, *, error: str) -> None:
    """Refuses all letters that wait for that manager."""
    tx.run(
        """UPDATE mails SET status = 'refused', error = :error, settled_at = :at
           WHERE bot_id = :bot AND reader_id = :reader AND status = 'queued'""",
        bot=tx.bot_id,
        reader=reader_id,
        error=error,
        at=tx.at,
    )


def postpone(tx: Tx, mail_id: int, *, due_at: datetime, error: str, attempt: int) -> None:
    """Postpones the letter to its next try, unless one has begun since this `attempt`."""
    tx.run(
        """UPDATE mails SET due_at = :due, error = :error
           WHERE bot_id = :bot AND id = :id AND status = 'queued' AND attempts = :attempt""",
        bot=tx.bot_id,
        id=mail_id,
        attempt=attempt,
        due=due_at,
        error=error,
    )


def bring_back(tx: Tx, *, ahead: datetime) -> None:
    """Letters written by a clock ahead of this one are due; no other waits longer than a letter may."""
    tx.post(
        """UPDATE mails SET due_at = :at WHERE bot_id = :bot AND status = 'queued' AND due_at > :at
           AND (created_at > :ahead OR due_at > :longest)""",
        bot=tx.bot_id,
        at=tx.at,
        ahead=ahead,
        longest=tx.at + LONGEST_PAUSE,
    )
