"""Announcements of chats with waiting items: a use case notifies the sender without locking any chat but its
customer's.

One use case may write to the whole desk. If it set the due times of those chats itself, it would lock their rows
until its commit, and two use cases or the sender could deadlock. So it only adds rows here, at its end. The sender
removes them and moves the due times into the chats that it can lock without waiting.
"""

from datetime import datetime

from holdline.dialogs.audience import Audience
from holdline.store.delivery import chats, turns
from holdline.store.tx import Row, Tx
from holdline.telegram.chats import is_group

TAKEN_AT_ONCE = 256
LOOKED_THROUGH = 16_384
"""How many of the oldest rows are searched for more announcements of the chats that were taken: thousands of messages
may be queued for the same few customers, and each chat is best computed once for all of them.
"""


def _sooner(stream: str) -> str:
    column = f"{stream}_due_at"
    return f"{column} = CASE WHEN due.{stream} IS NULL OR {column} <= due.{stream} THEN {column} ELSE due.{stream} END"


def current_chat_id(tx: Tx, chat_id: int) -> int:
    """The chat id to write to now: a group that moved has a new one."""
    cached = tx.waiting.current_ids.get(chat_id)
    if cached is not None:
        return cached
    row = tx.one(
        "SELECT moved_to_chat_id FROM chats WHERE bot_id = :bot AND chat_id = :chat",
        bot=tx.bot_id,
        chat=chat_id,
    )
    if row is None:
        tx.waiting.new_chats.add(chat_id)
    current = current_chat_id(tx, row["moved_to_chat_id"]) if row and row["moved_to_chat_id"] else chat_id
    tx.waiting.current_ids[chat_id] = current
    return current


def announce(tx: Tx, chat_id: int, stream: str, due_at: datetime) -> None:
    """Announces that something waits there from `due_at` on. Once too often does no harm: the sender computes it
    again.
    """
    before = tx.waiting.due.get((chat_id, stream))
    tx.waiting.due[chat_id, stream] = due_at if before is None else min(before, due_at)
    tx.wake("outbox")


def expect_reader(tx: Tx, chat_id: int, audience: Audience) -> None:
    """Something for the desk is sent there: at the end of the transaction it is checked that its reader is of the
    desk.
    """
    if audience == Audience.DESK and not is_group(chat_id):
        tx.waiting.readers.add(chat_id)


def flush(tx: Tx) -> None:
    """Called at the end of a transaction: writes all announcements, in one order, and adds the chats that are new."""
    new, due = list(tx.waiting.new_chats), sorted(tx.waiting.due.items())
    tx.waiting.new_chats.clear()
    tx.waiting.due.clear()
    if new:
        chats.add(tx, new)
    if due:
        values: Row = {}
        for n, ((chat_id, stream), due_at) in enumerate(due):
            values |= {f"c{n}": chat_id, f"s{n}": stream, f"d{n}": due_at}
        rows = ", ".join(f"(:bot, :c{n}, :s{n}, :d{n})" for n in range(len(due)))
        sql = f"INSERT INTO waiting_chats (bot_id, chat_id, stream, due_at) VALUES {rows}"
        tx.post(sql, bot=tx.bot_id, **values)


def apply_announcements(tx: Tx) -> None:
    """Called by the sender: moves announcements into the due times of the chats; a locked chat comes later."""
    flush(tx)
    for statement in TAKE:
        tx.post(statement, bot=tx.bot_id)


TAKE = (
    f"""UPDATE waiting_chats SET taken = 1 WHERE id IN (
            SELECT w.id FROM waiting_chats w JOIN chats ch ON ch.bot_id = w.bot_id AND ch.chat_id = w.chat_id
            WHERE w.bot_id = :bot AND ch.moved_to_chat_id IS NULL
            ORDER BY w.id LIMIT {TAKEN_AT_ONCE} FOR UPDATE OF w, ch SKIP LOCKED)""",
    f"""UPDATE waiting_chats SET taken = 1 WHERE id IN (
            SELECT w.id FROM waiting_chats w WHERE w.bot_id = :bot AND w.taken = 0
            AND w.id < (SELECT MIN(id) FROM waiting_chats WHERE bot_id = :bot AND taken = 1) + {LOOKED_THROUGH}
            AND (w.chat_id IN (SELECT chat_id FROM waiting_chats WHERE bot_id = :bot AND taken = 1)) IS TRUE
            FOR UPDATE OF w SKIP LOCKED)""",  # IS TRUE: PostgreSQL reads the taken chats once, not for each row
    f"""UPDATE chats SET {_sooner("dialog")}, {_sooner("marketing")},
            urgency = CASE WHEN due.marketing IS NULL THEN urgency ELSE {chats.URGENCY} END FROM (
            SELECT chat_id, MIN(CASE WHEN stream = 'dialog' THEN due_at END) AS dialog,
                   MIN(CASE WHEN stream = 'marketing' THEN due_at END) AS marketing
            FROM waiting_chats WHERE bot_id = :bot AND taken = 1 GROUP BY chat_id) AS due
        WHERE chats.bot_id = :bot AND chats.chat_id = due.chat_id""",
    "DELETE FROM waiting_chats WHERE bot_id = :bot AND taken = 1",
)
"""Nobody needs their results: on PostgreSQL they are sent with the next query."""


def follow_moves(tx: Tx) -> None:
    """Moves items that were written for a group while its move was being stored to the group's new id."""
    moved = tx.all(
        """SELECT DISTINCT w.chat_id, ch.moved_to_chat_id
           FROM waiting_chats w JOIN chats ch ON ch.bot_id = w.bot_id AND ch.chat_id = w.chat_id
           WHERE w.bot_id = :bot AND ch.moved_to_chat_id IS NOT NULL""",
        bot=tx.bot_id,
    )
    for row in moved:
        ids = {"old": row["chat_id"], "new": current_chat_id(tx, row["moved_to_chat_id"])}
        for table, waits in (("outbox", "AND status = 'queued'"), ("waiting_chats", "")):
            sql = f"UPDATE {table} SET chat_id = :new WHERE bot_id = :bot AND chat_id = :old {waits}"
            tx.run(sql, bot=tx.bot_id, **ids)
        turns.renumber(tx, [ids["new"]])


def rebase_times(tx: Tx) -> None:
    """After the clock was put back: the sender looks at once, not at a time that only the old clock could have
    meant.
    """
    tx.post(
        "UPDATE waiting_chats SET due_at = :at WHERE bot_id = :bot AND due_at > :at", at=tx.at, bot=tx.bot_id
    )
