"""Recipients as lists show them, and as later changes go through them."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from holdline.dialogs.broadcasts.broadcast import Broadcast
from holdline.store.delivery import outbox
from holdline.store.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class RecipientLine:
    """A recipient as lists show it: `status` by the names of the figures, `at` when it became so."""

    customer_id: int
    status: str
    at: datetime | None
    reason: str | None
    variant: int | None


class ReachedRecipient(NamedTuple):
    """A recipient for whom there is a message: it was sent, or it waits in the outbox.

    `message_id` has the text; `message_ids` are more than that one for an album.
    """

    customer_id: int
    message_id: int
    message_ids: list[int]
    variant: int


def page(tx: Tx, broadcast: Broadcast, *, status: str | None, after: int, limit: int) -> list[RecipientLine]:
    """In order of customer id; `held`: waits in the outbox behind a held gate."""
    shown = {
        None: "",
        "held": "AND r.status = 'waiting' AND r.outbox_id IS NOT NULL AND c.gate = 'held'",
        "waiting": "AND r.status = 'waiting' AND (r.outbox_id IS NULL OR c.gate = 'open')",
    }.get(status, "AND r.status = :status")
    rows = tx.all(
        f"""SELECT r.*, CASE WHEN r.status = 'waiting' AND r.outbox_id IS NOT NULL AND c.gate = 'held'
                             THEN 'held' ELSE r.status END AS shown_status
            FROM broadcast_recipients r JOIN customers c ON c.id = r.customer_id
            WHERE r.broadcast_id = :id AND r.customer_id > :after {shown} ORDER BY r.customer_id LIMIT :limit""",
        id=broadcast.id,
        after=after,
        status=status,
        limit=limit,
    )
    return [
        RecipientLine(
            row["customer_id"],
            row["shown_status"],
            row["changed_at"],
            row["reason"] or row["waits_for"],
            row["variant"],
        )
        for row in rows
    ]


def csv_rows(tx: Tx, broadcast_id: int, *, after: int, limit: int) -> list[Row]:
    """In order of customer id, with the columns of the spreadsheet; `held` as lists show it."""
    rows = tx.all(
        """SELECT r.customer_id, c.telegram_id, c.name, r.changed_at, r.variant,
                  COALESCE(r.reason, r.waits_for, '') AS reason,
                  CASE WHEN r.status = 'waiting' AND r.outbox_id IS NOT NULL AND c.gate = 'held'
                       THEN 'held' ELSE r.status END AS status
           FROM broadcast_recipients r JOIN customers c ON c.id = r.customer_id
           WHERE r.broadcast_id = :id AND r.customer_id > :after ORDER BY r.customer_id LIMIT :limit""",
        id=broadcast_id,
        after=after,
        limit=limit,
    )
    return [{**row, "at": row["changed_at"].isoformat() if row["changed_at"] else ""} for row in rows]


def list_reached(
    tx: Tx, broadcast_id: int, *, after_id: int, since: datetime, limit: int
) -> list[ReachedRecipient]:
    """In order of customer id: those who got the message after `since`, and those whose message waits in the outbox."""
    rows = tx.all(
        """SELECT r.customer_id, o.message_id, o.kind, o.payload_json, COALESCE(r.variant, 0) AS variant
           FROM broadcast_recipients r JOIN outbox o ON o.id = r.outbox_id
           WHERE r.broadcast_id = :id AND r.customer_id > :after
           AND (r.status = 'waiting' OR (r.status = 'sent' AND r.changed_at > :since))
           ORDER BY r.customer_id LIMIT :limit""",
        id=broadcast_id,
        after=after_id,
        since=since,
        limit=limit,
    )
    return [
        ReachedRecipient(
            row["customer_id"], row["message_id"], outbox.message_ids_of(tx, row), row["variant"]
        )
        for row in rows
    ]


def last_due_at(tx: Tx, broadcast_id: int) -> datetime | None:
    """When the last recipient who is not in the outbox yet is due."""
    row = tx.one(
        """SELECT MAX(due_at) AS due_at FROM broadcast_recipients
           WHERE broadcast_id = :id AND status = 'waiting' AND outbox_id IS NULL""",
        id=broadcast_id,
    )
    return row["due_at"] if row is not None else None
