"""Due dates of dialogs and ends of pauses, for the timers."""

from holdline.store.tx import Tx

_LIMIT = 100


def list_overdue(tx: Tx) -> list[int]:
    """Dialogs that are overdue and of which nobody was notified, the longest overdue first."""
    rows = tx.all(
        """SELECT id FROM dialogs WHERE bot_id = :bot AND due_at <= :at AND state <> 'closed'
           AND overdue_noticed = 0 ORDER BY due_at LIMIT :limit""",
        bot=tx.bot_id,
        at=tx.at,
        limit=_LIMIT,
    )
    return [int(row["id"]) for row in rows]


def list_pauses_over(tx: Tx) -> list[int]:
    """Dialogs whose pause should have ended by now."""
    rows = tx.all(
        """SELECT id FROM dialogs WHERE bot_id = :bot AND paused_until_at <= :at
           ORDER BY paused_until_at LIMIT :limit""",
        bot=tx.bot_id,
        at=tx.at,
        limit=_LIMIT,
    )
    return [int(row["id"]) for row in rows]


def mark_noticed(tx: Tx, dialog_id: int) -> bool:
    """Marks it noticed; returns whether nobody had noticed it before. A dialog postponed meanwhile is not overdue."""
    return bool(
        tx.run(
            """UPDATE dialogs SET overdue_noticed = 1 WHERE bot_id = :bot AND id = :id AND due_at <= :at
               AND state <> 'closed' AND overdue_noticed = 0""",
            bot=tx.bot_id,
            id=dialog_id,
            at=tx.at,
        )
    )
