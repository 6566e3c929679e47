"""Budgets of broadcasts in Stars. Only the sender changes them, in transactions that start or settle calls."""

from datetime import datetime

from holdline.dialogs.broadcasts.stars import FLOODS_ENOUGH, StarsBudget
from holdline.store.delivery.chats import MAY_SPEAK_BY_KEY, OF_CUSTOMERS
from holdline.store.tx import Row, Tx, placeholders


def insert(tx: Tx, broadcast_id: int, *, budget: int) -> None:
    """Adds the budget of a broadcast, in tenths of a Star."""
    tx.run(
        "INSERT INTO broadcast_budgets (broadcast_id, bot_id, budget) VALUES (:id, :bot, :budget)",
        id=broadcast_id,
        bot=tx.bot_id,
        budget=budget,
    )


def of_broadcast(tx: Tx, broadcast_id: int) -> StarsBudget | None:
    """The budget, or None if the broadcast has none."""
    return _budget(tx.one("SELECT * FROM broadcast_budgets WHERE broadcast_id = :id", id=broadcast_id))


def load_locked(tx: Tx, broadcast_id: int) -> StarsBudget | None:
    sql = "SELECT * FROM broadcast_budgets WHERE broadcast_id = :id FOR UPDATE"
    return _budget(tx.one(sql, id=broadcast_id))


def list_paying(tx: Tx) -> list[int]:
    """Broadcasts that are being sent and may pay."""
    rows = tx.all(
        """SELECT b.id FROM broadcasts b JOIN broadcast_budgets p ON p.broadcast_id = b.id
           WHERE b.bot_id = :bot AND b.ended_at IS NULL AND b.status = 'sending' AND p.stopped_reason IS NULL
           ORDER BY b.id""",
        bot=tx.bot_id,
    )
    return [row["id"] for row in rows]


def list_stopped_since(tx: Tx, since: datetime) -> frozenset[int]:
    """Broadcasts that stopped paying after that time."""
    sql = "SELECT broadcast_id FROM broadcast_budgets WHERE bot_id = :bot AND stopped_at > :since"
    return frozenset(row["broadcast_id"] for row in tx.all(sql, bot=tx.bot_id, since=since))


def lock_due_chats(tx: Tx, limit: int) -> list[Row]:
    """Locks chats with an open gate in which a message of a broadcast that may pay is due."""
    paying = list_paying(tx)
    if not paying:
        return []
    among, values = placeholders(paying)
    # More due messages are searched than wanted, because some of their chats have a call in flight.
    return tx.all(
        f"""SELECT ch.*, cu.gate FROM {OF_CUSTOMERS} WHERE {MAY_SPEAK_BY_KEY} AND ch.chat_id IN (
                SELECT chat_id FROM (
                    SELECT o.chat_id FROM outbox o JOIN customers c ON c.id = o.customer_id AND c.gate = 'open'
                    WHERE o.broadcast_id IN ({among}) AND o.status = 'queued' AND o.stream = 'marketing'
                    AND o.due_at <= :at ORDER BY o.due_at LIMIT :looked) AS waiting)
            ORDER BY +ch.marketing_due_at LIMIT :limit FOR UPDATE OF ch, cu SKIP LOCKED""",
        bot=tx.bot_id,
        at=tx.at,
        limit=limit,
        looked=2 * limit + 20,
        **values,
    )


def spend(tx: Tx, broadcast_id: int, tenths: int) -> None:
    """Adds to what was spent. The caller has locked and checked the budget."""
    tx.run(
        "UPDATE broadcast_budgets SET spent = spent + :tenths WHERE broadcast_id = :id",
        tenths=tenths,
        id=broadcast_id,
    )


def mark_paid(tx: Tx, outbox_id: int, tenths: int) -> None:
    """Saves what the started call was counted with."""
    tx.post("UPDATE outbox SET paid = :tenths WHERE id = :id", tenths=tenths, id=outbox_id)


def give_back(tx: Tx, item: Row) -> None:
    """Gives back the Stars of a call that Telegram did not accept. If its budget was spent, the broadcast pays on."""
    tx.run(
        """UPDATE broadcast_budgets SET spent = spent - :tenths,
                  stopped_reason = CASE stopped_reason WHEN 'spent' THEN NULL ELSE stopped_reason END
           WHERE broadcast_id = :id""",
        tenths=item["paid"],
        id=item["broadcast_id"],
    )
    mark_paid(tx, item["id"], 0)


def stop(tx: Tx, broadcast_id: int, *, reason: str) -> None:
    """Stops the payment; the broadcast continues unpaid. If it had stopped already, its first reason stays."""
    tx.run(
        """UPDATE broadcast_budgets SET stopped_reason = :reason, stopped_at = :at
           WHERE broadcast_id = :id AND stopped_reason IS NULL""",
        reason=reason[:300],
        at=tx.at,
        id=broadcast_id,
    )


def count_flood(tx: Tx, broadcast_id: int) -> bool:
    """Counts a paid call that met flood control; returns whether there were enough of them to stop paying."""
    row = tx.one(
        "UPDATE broadcast_budgets SET floods = floods + 1 WHERE broadcast_id = :id RETURNING floods",
        id=broadcast_id,
    )
    return row is not None and row["floods"] >= FLOODS_ENOUGH


def _budget(row: Row | None) -> StarsBudget | None:
    return StarsBudget(row["budget"], row["spent"], row["stopped_reason"]) if row is not None else None
