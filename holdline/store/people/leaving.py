"""What ends when a person leaves the desk: views, participation, tasks, forms, and items that wait for their chat."""

from holdline.dialogs.manager import Manager
from holdline.dialogs.outbox.item import READER_LEFT_DESK
from holdline.store.delivery import unseen_messages
from holdline.store.errors import StoreConflict
from holdline.store.people import managers
from holdline.store.tx import Row, Tx

_OPEN_WITH_THEM = """d.bot_id = :bot AND d.state <> 'closed' AND (d.assignee_id = :manager OR EXISTS (
    SELECT 1 FROM dialog_participants p WHERE p.dialog_id = d.id AND p.manager_id = :manager))"""
"""Dialogs that are not closed in which the manager takes part or is the assignee."""


def lock_before_leaving(tx: Tx, manager_id: int) -> Manager | None:
    """The manager, locked, so that nobody can bring them into a dialog from now on.

    Their forms are locked first, then the customers of their open dialogs, in the standard order. A chat is never
    locked after a manager's row, so if they got a dialog meanwhile, the transaction is retried.
    """
    tx.all(
        "SELECT id FROM forms WHERE bot_id = :bot AND manager_id = :manager AND done_at IS NULL ORDER BY id FOR UPDATE",
        bot=tx.bot_id,
        manager=manager_id,
    )
    locked = tx.all(
        f"""SELECT ch.chat_id, ch.customer_id FROM chats ch WHERE ch.bot_id = :bot AND ch.customer_id IN (
               SELECT d.customer_id FROM dialogs d WHERE {_OPEN_WITH_THEM})
           ORDER BY ch.chat_id FOR UPDATE""",
        bot=tx.bot_id,
        manager=manager_id,
    )
    person = managers.lock_before_leaving(tx, manager_id)
    if not _customers_of(tx, manager_id) <= {row["customer_id"] for row in locked}:
        raise StoreConflict("somebody who leaves the desk has just been brought into another dialog")
    return person


def _customers_of(tx: Tx, manager_id: int) -> set[int]:
    rows = tx.all(
        f"SELECT DISTINCT d.customer_id FROM dialogs d WHERE {_OPEN_WITH_THEM}",
        bot=tx.bot_id,
        manager=manager_id,
    )
    return {int(row["customer_id"]) for row in rows}


def open_dialogs_of(tx: Tx, manager_id: int) -> list[int]:
    """In order of id."""
    rows = tx.all(
        f"SELECT d.id FROM dialogs d WHERE {_OPEN_WITH_THEM} ORDER BY d.id",
        bot=tx.bot_id,
        manager=manager_id,
    )
    return [int(row["id"]) for row in rows]


def former_managers_with_leftovers(tx: Tx, reason: str) -> list[int]:
    """Former managers with a view, a dialog, a task, a form or something that waits for their chat, in order of id.

    Also those whose items were cancelled for that `reason` and were shown to nobody else.
    """
    chats = unseen_messages.chats_of_cancelled(tx, reason)
    rows = tx.all(
        "SELECT id, telegram_id FROM managers WHERE bot_id = :bot AND active = 0 ORDER BY id", bot=tx.bot_id
    )
    return [
        int(row["id"])
        for row in rows
        if row["telegram_id"] in chats or _has_something(tx, row["id"], row["telegram_id"])
    ]


def _has_something(tx: Tx, manager_id: int, chat_id: int) -> bool:
    row = tx.one(
        f"""SELECT 1 AS found WHERE EXISTS (SELECT 1 FROM dialogs d WHERE {_OPEN_WITH_THEM})
            OR EXISTS (SELECT 1 FROM places WHERE bot_id = :bot AND chat_id = :chat AND live = 1)
            OR EXISTS (SELECT 1 FROM tasks WHERE manager_id = :manager AND state = 'open')
            OR EXISTS (SELECT 1 FROM forms WHERE manager_id = :manager AND done_at IS NULL)
            OR EXISTS (SELECT 1 FROM team_members WHERE manager_id = :manager)
            OR EXISTS (SELECT 1 FROM managers WHERE id = :manager AND (ready = 1 OR entered_dialog_id IS NOT NULL))
            OR EXISTS (SELECT 1 FROM outbox WHERE bot_id = :bot AND chat_id = :chat AND audience = 'desk'
                       AND status IN ('queued', 'parked'))""",
        bot=tx.bot_id,
        manager=manager_id,
        chat=chat_id,
    )
    return row is not None


def end_places(tx: Tx, chat_id: int) -> None:
    """Ends all places in that chat."""
    tx.run(
        "UPDATE places SET live = 0 WHERE bot_id = :bot AND chat_id = :chat AND live = 1",
        bot=tx.bot_id,
        chat=chat_id,
    )


def end_tasks_and_forms(tx: Tx, manager_id: int) -> None:
    tx.run(
        """UPDATE tasks SET state = 'done', start_announced = 1
           WHERE bot_id = :bot AND manager_id = :manager AND state = 'open'""",
        bot=tx.bot_id,
        manager=manager_id,
    )
    tx.run(
        "UPDATE forms SET done_at = :at WHERE bot_id = :bot AND manager_id = :manager AND done_at IS NULL",
        at=tx.at,
        bot=tx.bot_id,
        manager=manager_id,
    )


def items_for_desk(tx: Tx, chat_id: int) -> list[Row]:
    """Items for the desk that still wait for that chat, including those parked until it opens again; oldest first."""
    return tx.all(
        """SELECT * FROM outbox WHERE bot_id = :bot AND chat_id = :chat AND audience = 'desk'
           AND status IN ('queued', 'parked') ORDER BY id""",
        bot=tx.bot_id,
        chat=chat_id,
    )


def cancel_for_desk(tx: Tx, chat_id: int, reason: str) -> None:
    """Cancels all items for the desk in that chat; items for a customer in the same chat stay."""
    tx.run(
        """UPDATE outbox SET status = 'cancelled', settled_at = :at, error = :reason
           WHERE bot_id = :bot AND chat_id = :chat AND audience = 'desk' AND status IN ('queued', 'parked')""",
        at=tx.at,
        reason=reason,
        bot=tx.bot_id,
        chat=chat_id,
    )


def cancel_for_former_readers(tx: Tx) -> None:
    """Called at the end of a transaction: cancels items for people who left the desk while it ran."""
    if not tx.waiting.readers:
        return
    for chat_id in managers.lock_readers_who_left(tx, tx.waiting.readers):
        cancel_for_desk(tx, chat_id, READER_LEFT_DESK)
