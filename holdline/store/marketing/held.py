"""Marketing that waits behind gates: of one customer in order, and all customers for whom something waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from holdline.store.delivery import chats, waiting_chats, waiting_marketing
from holdline.store.marketing.sources import SOURCE_COLUMNS, SOURCE_JOINS
from holdline.store.tx import Row, Tx, placeholders

DROPPED_BY_HAND = "dropped_by_hand"
"""The error of an item that a manager dropped."""
_WAITS = "o.stream = 'marketing' AND o.status = 'queued' AND (o.expires_at IS NULL OR o.expires_at > :at)"


def of_customer(tx: Tx, customer_id: int, *, after: int | None = None, limit: int = 50) -> list[Row]:
    """One row per message, in the order in which they will be sent; only while the gate is held.

    id (of the first part), class, text, kind, created_at, expires_at, and what `sources.source_of` reads. `after`:
    the last id of the previous page.
    """
    later = (
        "WHERE (w.rank, w.due_at, w.id) > (SELECT a.rank, a.due_at, a.id FROM outbox a WHERE a.id = :after)"
    )
    return tx.all(
        f"""SELECT w.* FROM (
                SELECT COALESCE((SELECT MIN(f.id) FROM outbox f WHERE f.message_id = o.message_id
                                 AND f.audience = 'customer'), o.id) AS id, o.rank, o.due_at,
                       o.class, m.text, COALESCE(m.kind, o.kind) AS kind, o.created_at, o.expires_at, {SOURCE_COLUMNS}
                FROM customers c JOIN outbox o ON o.customer_id = c.id
                LEFT JOIN messages m ON m.id = o.message_id {SOURCE_JOINS}
                WHERE o.bot_id = :bot AND c.id = :customer AND c.gate = 'held' AND {_WAITS}
                  AND NOT EXISTS (SELECT 1 FROM outbox earlier WHERE earlier.message_id = o.message_id
                                  AND earlier.id < o.id AND earlier.stream = 'marketing' AND earlier.status = 'queued')
            ) AS w {later if after else ""} ORDER BY w.rank, w.due_at, w.id LIMIT :limit""",
        at=tx.at,
        bot=tx.bot_id,
        customer=customer_id,
        limit=limit,
        **({"after": after} if after else {}),
    )


def send_past_gate(tx: Tx, outbox_ids: list[int]) -> list[Row]:
    """Moves the items into the dialog stream, due at once; returns the rows."""
    among, values = placeholders(outbox_ids)
    released = tx.all(
        f"""UPDATE outbox SET stream = 'dialog', due_at = :at, waits_for = NULL
            WHERE id IN ({among}) AND status = 'queued' RETURNING *""",
        at=tx.at,
        **values,
    )
    for item in released:
        waiting_chats.announce(tx, item["chat_id"], "dialog", tx.at)
    return released


def put_back(tx: Tx, customer_id: int) -> None:
    """Moves what a manager sent past an earlier hold, and what is still waiting, behind the gate again. The caller has
    locked the customer's chat.
    """
    back = tx.all(
        """UPDATE outbox SET stream = 'marketing' WHERE bot_id = :bot AND customer_id = :customer
           AND stream = 'dialog' AND status = 'queued' AND class IN ('funnel', 'broadcast') RETURNING chat_id""",
        bot=tx.bot_id,
        customer=customer_id,
    )
    for chat_id in {row["chat_id"] for row in back}:
        chats.refresh_due_times(tx, chat_id)


def put_back_returned(tx: Tx, outbox_id: int) -> list[Row]:
    """The same for one item that returned from a call, if the gate has been held anew since the call began."""
    return tx.all(
        """UPDATE outbox SET stream = 'marketing' WHERE id = :id AND stream = 'dialog' AND status = 'queued'
           AND class IN ('funnel', 'broadcast') AND EXISTS (
               SELECT 1 FROM customers c WHERE c.id = outbox.customer_id AND c.gate = 'held'
               AND c.gate_epoch <> outbox.gate_epoch)
           RETURNING *""",
        id=outbox_id,
    )


def drop(tx: Tx, outbox_ids: list[int]) -> list[Row]:
    """Cancels the items; returns the rows."""
    among, values = placeholders(outbox_ids)
    return waiting_marketing.end_waiting(tx, f"id IN ({among})", values, why=DROPPED_BY_HAND)


@dataclass(frozen=True, slots=True)
class CustomerHeld:
    """A customer for whom marketing waits, and the dialog that holds it."""

    customer_id: int
    telegram_id: int
    name: str
    dialog_id: int
    title: str
    assignee: str | None
    held: int
    since: datetime
    told_at: datetime | None

    def needs_alarm(self, longest: timedelta, *, at: datetime) -> bool:
        """Whether it has waited that long, and nobody was notified since the wait began."""
        return self.since <= at - longest and (self.told_at is None or self.told_at < self.since)


_SINCE = "CASE WHEN w.oldest_at > w.begun_at THEN w.oldest_at ELSE w.begun_at END"
_BEGUN = """COALESCE((SELECT MAX(h.created_at) FROM history h WHERE h.dialog_id = d.id
                      AND h.kind IN ('dialog_opened', 'dialog_resumed')), d.created_at)"""


def list_customers(
    tx: Tx, *, skip: int = 0, limit: int = 50, dialog_id: int | None = None, until: datetime | None = None
) -> list[CustomerHeld]:
    """All customers for whom something waits, or the customer of one dialog; the longest wait first.

    `since` is when the oldest message came, or when the dialog began to hold it, whichever was later. `until`: only
    customers who have waited since then or before, and of whom nobody was notified.
    """
    only = "AND d.id = :dialog" if dialog_id is not None else ""
    early = (
        f"WHERE {_SINCE} <= :until AND (d.hold_told_at IS NULL OR d.hold_told_at < {_SINCE})" if until else ""
    )
    rows = tx.all(
        f"""SELECT w.*, {_SINCE} AS since_at, c.telegram_id, c.name, d.title, d.hold_told_at, m.name AS assignee
            FROM (SELECT d.id AS dialog_id, d.customer_id, MIN(o.created_at) AS oldest_at,
                         COUNT(DISTINCT COALESCE(o.message_id, -o.id)) AS held, {_BEGUN} AS begun_at
                  FROM dialogs d JOIN outbox o ON o.customer_id = d.customer_id
                  WHERE d.bot_id = :bot AND d.state = 'active' {only} AND o.bot_id = :bot AND {_WAITS}
                  GROUP BY d.id, d.customer_id, d.created_at) AS w
            JOIN customers c ON c.id = w.customer_id JOIN dialogs d ON d.id = w.dialog_id
            LEFT JOIN managers m ON m.id = d.assignee_id
            {early} ORDER BY {_SINCE}, w.dialog_id LIMIT :limit OFFSET :skip""",
        at=tx.at,
        bot=tx.bot_id,
        limit=limit,
        skip=skip,
        **({"dialog": dialog_id} if dialog_id is not None else {}),
        **({"until": until} if until else {}),
    )
    return [_customer_held(row) for row in rows]


def _customer_held(row: Row) -> CustomerHeld:
    names = ("customer_id", "telegram_id", "name", "dialog_id", "title", "assignee", "held")
    return CustomerHeld(
        **{name: row[name] for name in names}, since=row["since_at"], told_at=row["hold_told_at"]
    )


def mark_alarm_sent(tx: Tx, dialog_id: int) -> None:
    """Records that the people responsible for that dialog were notified of the marketing behind it."""
    tx.run("UPDATE dialogs SET hold_told_at = :at WHERE id = :id", at=tx.at, id=dialog_id)
