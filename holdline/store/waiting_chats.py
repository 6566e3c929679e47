"""Chats that something waits for: how a use case tells the sender so without a lock on any chat but its customer's.

One use case may speak to the whole desk. If it wrote the due times of those chats itself, it would hold their rows
until its commit, and two use cases or the sender would wait for each other crosswise. So it only adds rows here, at its
end; the sender takes them away and moves the due times into the chats that it can lock without waiting.
"""

from datetime import datetime

from holdline.store import lanes
from holdline.store.tx import Row, Tx

TAKEN_AT_ONCE = 256


def current_id(tx: Tx, chat_id: int) -> int:
    """The chat id to write to now: a group that moved is followed."""
    known = tx.waiting.current_ids.get(chat_id)
    if known is not None:
        return known
    row = tx.one(
        "SELECT moved_to FROM lanes WHERE bot_id = :bot AND chat_id = :chat", bot=tx.bot_id, chat=chat_id
    )
    if row is None:
        tx.waiting.new_chats.add(chat_id)
    current = current_id(tx, row["moved_to"]) if row and row["moved_to"] else chat_id
    tx.waiting.current_ids[chat_id] = current
    return current


def announce(tx: Tx, chat_id: int, lane: str, due_at: datetime) -> None:
    """Something waits there from `due_at` on. Once too often does no harm: the sender looks and counts anew."""
    before = tx.waiting.due.get((chat_id, lane))
    tx.waiting.due[chat_id, lane] = due_at if before is None else min(before, due_at)
    tx.wake("outbox")


def write_down(tx: Tx) -> None:
    """At the end of a unit: everything that was announced, in one order, and the chats that are new with it."""
    new, due = list(tx.waiting.new_chats), sorted(tx.waiting.due.items())
    tx.waiting.new_chats.clear()
    tx.waiting.due.clear()
    if new:
        lanes.add(tx, new)
    if due:
        values: Row = {}
        for n, ((chat_id, lane), due_at) in enumerate(due):
            values |= {f"c{n}": chat_id, f"l{n}": lane, f"d{n}": due_at}
        rows = ", ".join(f"(:bot, :c{n}, :l{n}, :d{n})" for n in range(len(due)))
        sql = f"INSERT INTO waiting_chats (bot_id, chat_id, lane, due_at) VALUES {rows}"
        tx.post(sql, bot=tx.bot_id, **values)


def take(tx: Tx) -> None:
    """For the sender: what was announced becomes the due times of the chats; a chat that somebody holds comes later."""
    write_down(tx)
    taken = tx.all(
        f"""DELETE FROM waiting_chats WHERE id IN (
                SELECT w.id FROM waiting_chats w JOIN lanes l ON l.bot_id = w.bot_id AND l.chat_id = w.chat_id
                WHERE w.bot_id = :bot ORDER BY w.id LIMIT {TAKEN_AT_ONCE} FOR UPDATE OF w, l SKIP LOCKED)
            RETURNING chat_id, lane, due_at, (
                SELECT l.moved_to FROM lanes l
                WHERE l.bot_id = waiting_chats.bot_id AND l.chat_id = waiting_chats.chat_id) AS moved_to""",
        bot=tx.bot_id,
    )
    if taken:
        _move_into_chats(tx, taken)
    for old_id, new_id in {row["chat_id"]: row["moved_to"] for row in taken if row["moved_to"]}.items():
        _follow_move(tx, old_id, current_id(tx, new_id))


def bring_back(tx: Tx) -> None:
    """After the clock was put back: the sender looks at once instead of at a moment that only the old clock meant."""
    tx.run(
        "UPDATE waiting_chats SET due_at = :at WHERE bot_id = :bot AND due_at > :at", at=tx.at, bot=tx.bot_id
    )


def _move_into_chats(tx: Tx, taken: list[Row]) -> None:
    """Each chat's soonest; of one that moved there is nothing to say."""
    soonest: dict[int, dict[str, datetime]] = {}
    for row in taken:
        due = soonest.setdefault(row["chat_id"], {})
        due[row["lane"]] = min(row["due_at"], due.get(row["lane"], row["due_at"]))
    size = 1
    while size < len(soonest):
        size *= 4  # a few lengths, so that prepared statements are found again
    each = sorted(soonest.items())
    values: Row = {}
    for n, (chat_id, due) in enumerate([*each, *([each[-1]] * (size - len(each)))]):
        values |= {f"c{n}": chat_id, f"d{n}": due.get("dialog"), f"m{n}": due.get("marketing")}
    rows = ", ".join(
        f"(CAST(:c{n} AS BIGINT), CAST(:d{n} AS BIGINT), CAST(:m{n} AS BIGINT))" for n in range(size)
    )
    tx.post(
        f"""UPDATE lanes SET {_sooner("dialog_due_at", "column2")}, {_sooner("marketing_due_at", "column3")}
            FROM (VALUES {rows}) AS due WHERE bot_id = :bot AND chat_id = due.column1""",
        bot=tx.bot_id,
        **values,
    )


def _sooner(column: str, due: str) -> str:
    keeps = f"moved_to IS NOT NULL OR due.{due} IS NULL OR {column} <= due.{due}"
    return f"{column} = CASE WHEN {keeps} THEN {column} ELSE due.{due} END"


def _follow_move(tx: Tx, old_id: int, new_id: int) -> None:
    """Written for a group while its move was being stored: it goes where the group is now."""
    tx.run(
        "UPDATE outbox SET chat_id = :new WHERE bot_id = :bot AND chat_id = :old AND status = 'queued'",
        new=new_id,
        old=old_id,
        bot=tx.bot_id,
    )
    for lane in ("dialog", "marketing"):
        announce(tx, new_id, lane, tx.at)
