"""Messages of outside tools: to its tool each is one message, in however many parts it is sent."""

from collections.abc import Sequence
from typing import Any

from holdline.dialogs.outbox.retry_notes import RetryNotes
from holdline.store.tx import Row, Tx, placeholders
from holdline.telegram.call import NO_BUTTONS

MARKETING_CLASSES = "('funnel', 'broadcast', 'smart_reply')"
"""The classes of messages that the gate may hold. A message sent past the gate by a manager goes in the dialog
stream.
"""
_WORST_FIRST = ("parked", "cancelled", "dropped", "expired", "sending", "held", "queued", "sent")


def parts_of(tx: Tx, outbox_id: int) -> list[Row]:
    """The parts of the message whose first part has that id; a part queued behind a held gate has the status held."""
    return list_parts(tx, "asked.id = :id", id=outbox_id)


def list_parts(tx: Tx, condition: str, **values: Any) -> list[Row]:
    """The parts of every message of which one part, `asked`, meets the condition."""
    return tx.all(
        f"""SELECT o.id, o.settled_at, o.tg_message_id, o.customer_id, o.message_id, o.class, o.broadcast_id,
                  o.enrolment_id, o.marketing_topic, o.waits_for, o.error, o.payload_json,
                  CASE WHEN o.status <> 'queued' THEN o.status WHEN o.expires_at <= :at THEN 'expired'
                       WHEN c.gate = 'held' AND o.stream = 'marketing' THEN 'held' ELSE o.status END AS status
           FROM outbox asked
           JOIN outbox o ON o.message_id = asked.message_id AND o.class IN {MARKETING_CLASSES}
           JOIN customers c ON c.id = o.customer_id
           WHERE asked.bot_id = :bot AND {condition} AND asked.class IN {MARKETING_CLASSES} ORDER BY o.id""",
        at=tx.at,
        bot=tx.bot_id,
        **values,
    )


def describe_first(tx: Tx, first_part_id: int) -> Row:
    """What does not change of a message: its customer, its text, where it comes from. A message that was erased has no
    text.
    """
    row = tx.one(
        """SELECT o.created_at, o.expires_at, o.api_key_id, o.broadcast_id, o.enrolment_id,
                  COALESCE(m.text, '') AS text, COALESCE(m.kind, 'text') AS kind,
                  c.telegram_id, c.name
           FROM outbox o JOIN customers c ON c.id = o.customer_id LEFT JOIN messages m ON m.id = o.message_id
           WHERE o.id = :id""",
        id=first_part_id,
    )
    assert row is not None, "list_parts joins the same two tables"
    return row


def first_part_id(tx: Tx, item: Row) -> int:
    """The id by which the whole message is known outside."""
    return first_part_ids(tx, [item])[0]


def first_part_ids(tx: Tx, items: Sequence[Row]) -> list[int]:
    """The same for several items, in one query."""
    message_ids = [item["message_id"] for item in items if item["message_id"] is not None]
    first: dict[int, int] = {}
    if message_ids:
        among, values = placeholders(message_ids)
        rows = tx.all(
            f"""SELECT message_id, MIN(id) AS id FROM outbox WHERE message_id IN ({among})
                AND class IN {MARKETING_CLASSES} GROUP BY message_id""",
            **values,
        )
        first = {row["message_id"]: row["id"] for row in rows}
    own = [int(item["id"]) for item in items]
    return [first.get(item["message_id"], alone) for item, alone in zip(items, own, strict=True)]


def first_part(tx: Tx, message_id: int) -> Row | None:
    """The item that names the source of the message, also if a manager sent it past the gate; None for messages of
    people.
    """
    return tx.one(
        f"""SELECT * FROM outbox WHERE message_id = :message AND bot_id = :bot
           AND class IN {MARKETING_CLASSES} ORDER BY id LIMIT 1""",
        message=message_id,
        bot=tx.bot_id,
    )


def list_waiting(tx: Tx, customer_id: int) -> list[Row]:
    """The waiting parts of messages of funnels and broadcasts to this customer, in order of id."""
    return tx.all(
        """SELECT * FROM outbox WHERE bot_id = :bot AND customer_id = :customer AND stream = 'marketing'
           AND status = 'queued' AND class <> 'smart_reply' ORDER BY id""",
        bot=tx.bot_id,
        customer=customer_id,
    )


def combine_parts(parts: Sequence[Row]) -> Row:
    """One status for all parts: the message is sent when its last part is, and is stopped when one part is."""
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


def refusal_of(tx: Tx, outbox_id: int) -> Row | None:
    """message_id, and the error_code of the refusal that ended the message; None if Telegram gave none."""
    return tx.one(
        """SELECT o.message_id, o.error_code FROM outbox asked JOIN outbox o ON o.message_id = asked.message_id
           WHERE asked.id = :id AND o.stream = 'marketing' AND o.error_code IS NOT NULL LIMIT 1""",
        id=outbox_id,
    )
