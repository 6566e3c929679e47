"""Messages of outside tools: each is one thing to its tool, in however many parts it leaves."""

from collections.abc import Sequence

from holdline.dialogs.outbox.retry_notes import RetryNotes
from holdline.store.tx import Row, Tx
from holdline.telegram.call import NO_BUTTONS

_WORST_FIRST = ("parked", "cancelled", "dropped", "expired", "sending", "held", "queued", "sent")


def parts_of(tx: Tx, outbox_id: int) -> list[Row]:
    """The rows of the message whose first part has that id; queued behind a held gate reads as held."""
    return tx.all(
        """SELECT o.id, o.settled_at, o.tg_message_id, o.customer_id, o.error, o.payload_json,
                  CASE WHEN o.status <> 'queued' THEN o.status WHEN o.expires_at <= :at THEN 'expired'
                       WHEN c.gate = 'held' THEN 'held' ELSE o.status END AS status
           FROM outbox asked
           JOIN outbox o ON o.message_id = asked.message_id AND o.stream = 'marketing'
           JOIN customers c ON c.id = o.customer_id
           WHERE asked.bot_id = :bot AND asked.id = :id AND asked.stream = 'marketing' ORDER BY o.id""",
        at=tx.at,
        bot=tx.bot_id,
        id=outbox_id,
    )


def combine_parts(parts: Sequence[Row]) -> Row:
    """One status for all: it is sent when its last part is, and what stopped one part stopped the message."""
    worst = min(parts, key=lambda part: _WORST_FIRST.index(part["status"]))
    status, error = worst["status"], next((part["error"] for part in parts if part["error"]), None)
    sent_at = max(part["settled_at"] for part in parts) if status == "sent" else None
    return {
        **parts[0],
        "status": status,
        "sent_at": sent_at,
        "settled_at": sent_at or parts[0]["settled_at"],
        "error": worst["error"] or error,
        "buttons_left_out": any(NO_BUTTONS in RetryNotes.of(part).mends for part in parts),
    }
