"""Recipients as lists show them, and as later changes go through them."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from holdline.dialogs.broadcasts.broadcast import Broadcast
from holdline.dialogs.broadcasts.pace import PutOff
from holdline.store.delivery import outbox
from holdline.store.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class RecipientLine:
    """A recipient as lists show it: `status` by the names of the figures, `at` when it became so."""

    customer_id: int
    telegram_id: int
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
        f"""SELECT r.*, c.telegram_id, CASE WHEN r.status = 'waiting' AND r.outbox_id IS NOT NULL AND c.gate = 'held'
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
            row["telegram_id"],
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
    """In order of customer id: those who got the message after `since`, and those whose message waits in the outbox. An
    erased customer has no message any longer.
    """
    rows = tx.all(
        """SELECT r.customer_id, o.message_id, o.kind, o.payload_json, COALESCE(r.variant, 0) AS variant
           FROM broadcast_recipients r JOIN outbox o ON o.id = r.outbox_id
           JOIN customers c ON c.id = r.customer_id
           WHERE r.broadcast_id = :id AND r.customer_id > :after AND c.telegram_id > 0
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


PUT_OFF_COUNTED = 20_000
"""Up to so many are counted, in some five milliseconds of the desk's only writer."""


def list_put_off(tx: Tx, broadcast_id: int) -> list[PutOff]:
    """Recipients who wait for the end of their quiet hours or for their next day, by moment and reason; at most
    PUT_OFF_COUNTED who are not in the outbox yet; those continue first.
    """
    rows = tx.all(
        """SELECT waits_for, due_at, COUNT(*) AS number FROM (
               SELECT waits_for, due_at FROM broadcast_recipients
               WHERE broadcast_id = :id AND status = 'waiting' AND outbox_id IS NULL
               AND waits_for IN ('quiet_hours', 'cap_per_day') AND due_at > :at ORDER BY due_at LIMIT :most) AS first
           GROUP BY waits_for, due_at
           UNION ALL
           SELECT o.waits_for, o.due_at, COUNT(DISTINCT o.customer_id) AS number
           FROM outbox o JOIN customers c ON c.id = o.customer_id
           WHERE o.broadcast_id = :id AND o.status = 'queued' AND o.due_at > :at
           AND o.waits_for IN ('quiet_hours', 'cap_per_day') AND c.gate = 'open'
           GROUP BY o.waits_for, o.due_at""",
        id=broadcast_id,
        at=tx.at,
        most=PUT_OFF_COUNTED,
    )
    found = [PutOff(row["waits_for"], row["due_at"], int(row["number"])) for row in rows]
    return sorted(found, key=lambda each: (each.until, each.reason))
