"""Personal tasks: one per manager and dialog."""

from datetime import datetime

from holdline.store.tx import Row, Tx

_LIVING = """
SELECT t.id, t.manager_id, t.dialog_id, t.title, t.state, t.starts_at, t.created_at,
       d.title AS dialog_title, d.state AS dialog_state, m.telegram_id
FROM tasks t
JOIN dialogs d ON d.id = t.dialog_id
JOIN managers m ON m.id = t.manager_id
WHERE t.bot_id = :bot AND t.state = 'open' AND d.state <> 'closed'
"""


def insert(tx: Tx, *, manager_id: int, dialog_id: int, title: str, starts_at: datetime) -> int | None:
    """Returns the task's id, or None if this manager already has a task for the dialog."""
    row = tx.one(
        """INSERT INTO tasks (bot_id, manager_id, dialog_id, title, starts_at, created_at)
           VALUES (:bot, :manager, :dialog, :title, :starts, :at)
           ON CONFLICT (manager_id, dialog_id) DO NOTHING RETURNING id""",
        bot=tx.bot_id,
        manager=manager_id,
        dialog=dialog_id,
        title=title,
        starts=starts_at,
        at=tx.at,
    )
    return int(row["id"]) if row else None


def list_open(tx: Tx, manager_id: int) -> list[Row]:
    """The manager's open tasks, the next one first, without those of closed dialogs."""
    return tx.all(
        _LIVING + " AND t.manager_id = :manager ORDER BY t.starts_at, t.id", bot=tx.bot_id, manager=manager_id
    )


def lock_due(tx: Tx, *, limit: int = 100) -> list[Row]:
    """Due tasks of which nobody was notified yet, locked until the end of the transaction; two timers share them."""
    return tx.all(
        """SELECT t.id, t.dialog_id, t.title, t.state, d.state AS dialog_state, m.telegram_id, m.active
           FROM tasks t JOIN dialogs d ON d.id = t.dialog_id JOIN managers m ON m.id = t.manager_id
           WHERE t.bot_id = :bot AND t.start_announced = 0 AND t.starts_at <= :at
           ORDER BY t.starts_at, t.id LIMIT :limit FOR UPDATE OF t SKIP LOCKED""",
        bot=tx.bot_id,
        at=tx.at,
        limit=limit,
    )


def mark_announced(tx: Tx, task_id: int) -> None:
    tx.run("UPDATE tasks SET start_announced = 1 WHERE bot_id = :bot AND id = :id", bot=tx.bot_id, id=task_id)


def finish(tx: Tx, task_id: int, manager_id: int) -> bool:
    """Marks the task done; returns whether the manager has such a task. A finished task is no longer announced."""
    return bool(
        tx.run(
            """UPDATE tasks SET state = 'done', start_announced = 1
               WHERE bot_id = :bot AND id = :id AND manager_id = :manager""",
            bot=tx.bot_id,
            id=task_id,
            manager=manager_id,
        )
    )
