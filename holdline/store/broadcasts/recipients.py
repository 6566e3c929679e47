"""The recipients of a broadcast: gathered, put into the outbox a few at a time, settled."""

from collections.abc import Mapping
from datetime import datetime

from holdline.dialogs.broadcasts.broadcast import Broadcast
from holdline.store.broadcasts import audience
from holdline.store.delivery.waiting_marketing import LONGEST_PUT_OFF
from holdline.store.tx import Tx, placeholders

_LOCKED = """SELECT ch.chat_id, ch.customer_id FROM chats ch JOIN customers cu ON cu.id = ch.customer_id
    WHERE ch.customer_id IN ({among}) ORDER BY ch.chat_id FOR UPDATE OF ch, cu SKIP LOCKED"""


def last_of_next_chunk(tx: Tx, after_id: int, size: int) -> int | None:
    """The id of the customer who ends the next chunk of that size; None if there are no more customers."""
    row = tx.one(
        """SELECT MAX(id) AS id FROM (SELECT id FROM customers WHERE +bot_id = :bot AND id > :after
                                      ORDER BY id LIMIT :size) AS chunk""",
        bot=tx.bot_id,
        after=after_id,
        size=size,
    )
    return row["id"] if row is not None else None


def list_zones(tx: Tx, *, after_id: int, until_id: int) -> list[str]:
    """The time zones that customers of a chunk have given."""
    rows = tx.all(
        """SELECT DISTINCT time_zone FROM customers
           WHERE +bot_id = :bot AND id > :after AND id <= :until AND time_zone IS NOT NULL""",
        bot=tx.bot_id,
        after=after_id,
        until=until_id,
    )
    return [row["time_zone"] for row in rows]


def gather(
    tx: Tx, broadcast: Broadcast, *, until_id: int, due_at: datetime, due_by_zone: Mapping[str, datetime]
) -> int:
    """Adds everybody of the audience up to that id; returns how many. Nobody is added twice."""
    condition, values = audience.condition_of(broadcast.audience)
    cases = " ".join(f"WHEN :zone{n} THEN CAST(:due{n} AS BIGINT)" for n in range(len(due_by_zone)))
    due = f"CASE c.time_zone {cases} ELSE CAST(:due_at AS BIGINT) END" if cases else "CAST(:due_at AS BIGINT)"
    for number, (zone, moment) in enumerate(due_by_zone.items()):
        values |= {f"zone{number}": zone, f"due{number}": moment}
    return tx.run(
        f"""INSERT INTO broadcast_recipients (broadcast_id, customer_id, due_at)
            SELECT CAST(:broadcast AS BIGINT), c.id, {due} FROM {audience.TABLES}
            WHERE c.id > :after AND c.id <= :until AND {condition}
            ORDER BY c.id
            ON CONFLICT (broadcast_id, customer_id) DO NOTHING""",
        broadcast=broadcast.id,
        after=broadcast.gathered_until_id,
        until=until_id,
        due_at=due_at,
        bot=tx.bot_id,
        **values,
    )


def list_due(tx: Tx, broadcast_id: int, *, limit: int) -> list[int]:
    """Customers who are due and not in the outbox yet, longest waiting first."""
    rows = tx.all(
        """SELECT customer_id FROM broadcast_recipients
           WHERE broadcast_id = :id AND status = 'waiting' AND outbox_id IS NULL AND due_at <= :at
           ORDER BY due_at, customer_id LIMIT :limit""",
        id=broadcast_id,
        at=tx.at,
        limit=limit,
    )
    return [row["customer_id"] for row in rows]


def list_due_behind_gate(tx: Tx, broadcast_id: int, *, limit: int) -> list[int]:
    """Those of them whom an active dialog holds."""
    rows = tx.all(
        """SELECT r.customer_id FROM customers c CROSS JOIN broadcast_recipients r
           WHERE c.bot_id = :bot AND c.gate = 'held' AND r.broadcast_id = :id AND r.customer_id = c.id
           AND r.status = 'waiting' AND r.outbox_id IS NULL
           AND r.due_at <= :at ORDER BY c.id LIMIT :limit""",
        id=broadcast_id,
        bot=tx.bot_id,
        at=tx.at,
        limit=limit,
    )
    return [row["customer_id"] for row in rows]


def list_sending_to(tx: Tx, customer_id: int) -> list[int]:
    """The broadcasts being sent that are due for that customer and are not in the outbox yet."""
    rows = tx.all(
        """SELECT b.id FROM broadcasts b
           JOIN broadcast_recipients r ON r.broadcast_id = b.id AND r.customer_id = :customer
           WHERE b.bot_id = :bot AND b.ended_at IS NULL AND b.status = 'sending'
           AND r.status = 'waiting' AND r.outbox_id IS NULL AND r.due_at <= :at ORDER BY b.id""",
        bot=tx.bot_id,
        customer=customer_id,
        at=tx.at,
    )
    return [row["id"] for row in rows]


def lock_customers(tx: Tx, customer_ids: list[int]) -> list[int]:
    """Locks the chats that nobody else has locked, in the standard order; returns their customers."""
    if not customer_ids:
        return []
    among, values = placeholders(customer_ids)
    return [row["customer_id"] for row in tx.all(_LOCKED.format(among=among), **values)]


def count_on_the_way(tx: Tx, broadcast_id: int) -> int:
    """How many messages of it are in the outbox and may be sent now."""
    row = tx.one(
        """SELECT COUNT(*) AS n FROM outbox o JOIN customers c ON c.id = o.customer_id
           WHERE o.broadcast_id = :id AND o.status IN ('queued', 'sending') AND o.due_at <= :at AND c.gate = 'open'""",
        id=broadcast_id,
        at=tx.at,
    )
    return int(row["n"]) if row else 0


def take(tx: Tx, broadcast_id: int, customer_id: int) -> bool:
    """Whether the customer waits and is not in the outbox; called with their chat locked."""
    row = tx.one(
        """SELECT customer_id FROM broadcast_recipients WHERE broadcast_id = :id AND customer_id = :customer
           AND status = 'waiting' AND outbox_id IS NULL FOR UPDATE""",
        id=broadcast_id,
        customer=customer_id,
    )
    return row is not None


def set_outbox_id(tx: Tx, broadcast_id: int, customer_id: int, *, outbox_id: int, variant: int) -> None:
    tx.post(
        """UPDATE broadcast_recipients SET outbox_id = :outbox, variant = :variant, waits_for = NULL
           WHERE broadcast_id = :id AND customer_id = :customer""",
        outbox=outbox_id,
        variant=variant,
        id=broadcast_id,
        customer=customer_id,
    )


def postpone(tx: Tx, broadcast_id: int, customer_id: int, *, until: datetime, waits_for: str) -> None:
    tx.post(
        """UPDATE broadcast_recipients SET due_at = :until, waits_for = :reason
           WHERE broadcast_id = :id AND customer_id = :customer""",
        until=until,
        reason=waits_for,
        id=broadcast_id,
        customer=customer_id,
    )


def list_local_times(tx: Tx, customer_id: int) -> list[tuple[int, datetime]]:
    """Broadcasts by each customer's clock that are not in the outbox for that customer yet, with their time."""
    rows = tx.all(
        """SELECT b.id, b.local_time FROM broadcasts b
           JOIN broadcast_recipients r ON r.broadcast_id = b.id AND r.customer_id = :customer
           WHERE b.bot_id = :bot AND b.ended_at IS NULL AND b.local_time IS NOT NULL
           AND r.status = 'waiting' AND r.outbox_id IS NULL ORDER BY b.id""",
        bot=tx.bot_id,
        customer=customer_id,
    )
    return [(row["id"], datetime.fromisoformat(row["local_time"])) for row in rows]


def set_due(tx: Tx, broadcast_id: int, customer_id: int, *, due_at: datetime) -> None:
    """Sets when a recipient who is not in the outbox yet is due, and clears the reason for which they waited."""
    tx.post(
        """UPDATE broadcast_recipients SET due_at = :due, waits_for = NULL
           WHERE broadcast_id = :id AND customer_id = :customer AND status = 'waiting' AND outbox_id IS NULL""",
        due=due_at,
        id=broadcast_id,
        customer=customer_id,
    )


def bring_back(tx: Tx, *, ahead: datetime) -> None:
    """Recipients gathered or put off by a clock ahead of this one are due. Local times of customers stay as they
    are.
    """
    tx.post(
        """UPDATE broadcast_recipients SET due_at = :at
           WHERE status = 'waiting' AND outbox_id IS NULL AND due_at > :ahead
           AND (waits_for IS NULL OR due_at > :longest)
           AND broadcast_id IN (SELECT id FROM broadcasts
                                WHERE bot_id = :bot AND ended_at IS NULL AND local_time IS NULL)""",
        at=tx.at,
        ahead=ahead,
        longest=ahead + LONGEST_PUT_OFF,
        bot=tx.bot_id,
    )


def settle(tx: Tx, broadcast_id: int, customer_id: int, status: str, *, reason: str | None = None) -> None:
    """Saves a recipient's result. One that was parked and then sent after all changes once more; the counts follow."""
    row = tx.one(
        "SELECT status FROM broadcast_recipients WHERE broadcast_id = :id AND customer_id = :customer FOR UPDATE",
        id=broadcast_id,
        customer=customer_id,
    )
    if row is None or row["status"] == status:
        return
    tx.post(
        """UPDATE broadcast_recipients SET status = :status, reason = :reason, changed_at = :at
           WHERE broadcast_id = :id AND customer_id = :customer""",
        status=status,
        reason=reason[:300] if reason else None,
        at=tx.at,
        id=broadcast_id,
        customer=customer_id,
    )
    changes = {status: 1} if row["status"] == "waiting" else {status: 1, row["status"]: -1}
    for name, change in changes.items():
        add_tally(tx, broadcast_id, name, change)


def broadcasts_awaiting(tx: Tx, customer_id: int) -> list[int]:
    """The broadcasts in which the customer still waits."""
    rows = tx.all(
        """SELECT broadcast_id FROM broadcast_recipients WHERE customer_id = :customer AND status = 'waiting'
           ORDER BY broadcast_id""",
        customer=customer_id,
    )
    return [row["broadcast_id"] for row in rows]


def settle_unsent(tx: Tx, broadcast_id: int, status: str, *, reason: str, limit: int) -> int:
    """Settles at most `limit` recipients who wait and are not in the outbox; returns how many."""
    settled = tx.run(
        """UPDATE broadcast_recipients SET status = :status, reason = :reason, changed_at = :at
           WHERE broadcast_id = :id AND customer_id IN (
               SELECT customer_id FROM broadcast_recipients WHERE broadcast_id = :id AND status = 'waiting'
               AND outbox_id IS NULL ORDER BY due_at, customer_id LIMIT :limit FOR UPDATE SKIP LOCKED)""",
        status=status,
        reason=reason,
        at=tx.at,
        id=broadcast_id,
        limit=limit,
    )
    if settled:
        add_tally(tx, broadcast_id, status, settled)
    return settled


def is_any_unfed(tx: Tx, broadcast_id: int) -> bool:
    """Whether anybody waits who is not in the outbox."""
    sql = """SELECT customer_id FROM broadcast_recipients
             WHERE broadcast_id = :id AND status = 'waiting' AND outbox_id IS NULL LIMIT 1"""
    return tx.one(sql, id=broadcast_id) is not None


def add_tally(tx: Tx, broadcast_id: int, status: str, change: int) -> None:
    tx.post(
        "INSERT INTO broadcast_tallies (broadcast_id, status, change) VALUES (:id, :status, :change)",
        id=broadcast_id,
        status=status,
        change=change,
    )


def sum_up_tallies(tx: Tx, *, limit: int) -> int:
    """Adds at most `limit` changes to the counts; returns how many there were."""
    taken = tx.all(
        """DELETE FROM broadcast_tallies WHERE id IN (
               SELECT id FROM broadcast_tallies ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED)
           RETURNING broadcast_id, status, change""",
        limit=limit,
    )
    sums: dict[tuple[int, str], int] = {}
    for row in taken:
        key = (row["broadcast_id"], row["status"])
        sums[key] = sums.get(key, 0) + row["change"]
    for (broadcast_id, status), change in sorted(sums.items()):
        tx.run(
            f"UPDATE broadcasts SET {status} = {status} + :change WHERE id = :id",
            change=change,
            id=broadcast_id,
        )
    return len(taken)
