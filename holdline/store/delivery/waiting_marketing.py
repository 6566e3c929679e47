"""Marketing that waits in the outbox: ended before it is sent, put off, counted."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from holdline.store.delivery import chats, outbox, waiting_chats
from holdline.store.delivery.outbound import MARKETING_CLASSES
from holdline.store.restores.held_work import RESTORED
from holdline.store.tx import Row, Tx

LONGEST_PUT_OFF = timedelta(days=3)
"""No message is put off for longer: for the cap until the next day, then until quiet hours end, in any time zone."""


def end_waiting(
    tx: Tx, condition: str, values: Mapping[str, Any], *, why: str, status: str = "cancelled"
) -> list[Row]:
    """Ends waiting items that match `condition`, and the messages that they carry; returns the rows.

    Calls already in flight may still arrive.
    """
    ended = tx.all(
        f"""UPDATE outbox SET status = :ended_as, settled_at = :at, error = :why
            WHERE bot_id = :bot AND status = 'queued' AND {condition} RETURNING *""",
        ended_as=status,
        at=tx.at,
        why=why,
        bot=tx.bot_id,
        **values,
    )
    for row in ended:
        for message_id in outbox.message_ids_of(tx, row):
            tx.run("UPDATE messages SET status = :status WHERE id = :id", status=status, id=message_id)
    return ended


def cancel_marketing(tx: Tx, customer_id: int, why: str, *, topic: str | None = None) -> list[Row]:
    """Cancels all marketing that still waits for this customer, or that of one topic."""
    condition = "customer_id = :customer AND stream = 'marketing'"
    if topic is None:
        return end_waiting(tx, condition, {"customer": customer_id}, why=why)
    values = {"customer": customer_id, "topic": topic}
    return end_waiting(tx, f"{condition} AND marketing_topic = :topic", values, why=why)


def cancel_of_enrolment(tx: Tx, enrolment_id: int, why: str) -> list[Row]:
    """Cancels what still waits of an enrolment that has ended."""
    return end_waiting(tx, "enrolment_id = :enrolment", {"enrolment": enrolment_id}, why=why)


def drop_smart_replies(tx: Tx, customer_id: int) -> list[Row]:
    """Drops automatic answers that still wait, because the gate is held now; they are only counted."""
    condition = "customer_id = :customer AND class = 'smart_reply'"
    return end_waiting(tx, condition, {"customer": customer_id}, why="held", status="dropped")


def end_other_parts(tx: Tx, item: Row, status: str, reason: str) -> None:
    """Ends the parts of a message that were not sent yet, after one part was stopped."""
    if item["message_id"] is None:
        return
    condition = f"message_id = :message AND id <> :id AND class IN {MARKETING_CLASSES}"
    end_waiting(tx, condition, {"message": item["message_id"], "id": item["id"]}, why=reason, status=status)


def cancel_message(tx: Tx, message_id: int, why: str) -> list[Row]:
    """Cancels the parts of the message that were not sent yet."""
    condition = "message_id = :message AND stream = 'marketing'"
    return end_waiting(tx, condition, {"message": message_id}, why=why)


def supersede(tx: Tx, collapse_key: str) -> list[Row]:
    """Cancels older messages with the same key that still wait, because a newer one comes."""
    condition = """message_id IN (
        SELECT message_id FROM outbox WHERE bot_id = :bot AND collapse_key = :key AND status = 'queued')"""
    return end_waiting(tx, condition, {"key": collapse_key}, why="superseded")


def drop(tx: Tx, message_id: int) -> None:
    """Drops all waiting parts of the message; the rows stay to be counted."""
    tx.run(
        """UPDATE outbox SET status = 'dropped', settled_at = :at, error = 'held'
           WHERE message_id = :message AND status = 'queued'""",
        at=tx.at,
        message=message_id,
    )


def postpone(tx: Tx, item: Row, *, until: datetime, waits_for: str) -> None:
    """Puts off every waiting part of the message until then, and keeps the reason."""
    tx.run(
        """UPDATE outbox SET due_at = :until, waits_for = :reason
           WHERE bot_id = :bot AND status = 'queued' AND due_at < :until
           AND (id = :id OR (message_id = :message AND stream = 'marketing'))""",
        until=until,
        reason=waits_for,
        bot=tx.bot_id,
        id=item["id"],
        message=item["message_id"],
    )


def postpone_all_due(tx: Tx, item: Row, *, until: datetime, waits_for: str) -> None:
    """The same for all due messages of funnels and broadcasts to the item's customer.

    An item that expires before is due when it expires, so that it ends then.
    """
    tx.run(
        """UPDATE outbox SET waits_for = :reason,
                  due_at = CASE WHEN expires_at < :until THEN expires_at ELSE CAST(:until AS BIGINT) END
           WHERE bot_id = :bot AND customer_id = :customer AND stream = 'marketing' AND status = 'queued'
           AND class <> 'smart_reply' AND due_at <= :at""",
        until=until,
        reason=waits_for,
        at=tx.at,
        bot=tx.bot_id,
        customer=item["customer_id"],
    )


def decide_anew(tx: Tx, customer_id: int) -> None:
    """Makes due again what was put off because of the customer's own hours or days. The caller has locked their
    chat.
    """
    due = tx.all(
        """UPDATE outbox SET due_at = :at
           WHERE bot_id = :bot AND customer_id = :customer AND stream = 'marketing' AND status = 'queued'
           AND due_at > :at AND waits_for IN ('quiet_hours', 'cap_per_day')
           RETURNING chat_id""",
        at=tx.at,
        bot=tx.bot_id,
        customer=customer_id,
    )
    for chat_id in {row["chat_id"] for row in due}:
        chats.refresh_due_times(tx, chat_id)
        tx.wake("outbox")


def decide_all_anew(tx: Tx, *, after: int, limit: int) -> int | None:
    """Makes due again what was put off because of customers' own hours or days, of all customers.

    Takes at most `limit` items with ids above `after`; returns the last id, or None if there were none.
    """
    due = tx.all(
        """UPDATE outbox SET due_at = :at, waits_for = NULL WHERE id IN (
               SELECT id FROM outbox WHERE bot_id = :bot AND id > :after AND status = 'queued'
               AND stream = 'marketing' AND due_at > :at AND waits_for IN ('quiet_hours', 'cap_per_day')
               ORDER BY id LIMIT :limit) RETURNING id, chat_id""",
        bot=tx.bot_id,
        after=after,
        limit=limit,
        at=tx.at,
    )
    for chat_id in {row["chat_id"] for row in due}:
        waiting_chats.announce(tx, chat_id, "marketing", tx.at)
    return max((int(row["id"]) for row in due), default=None)


def bring_back(tx: Tx, *, ahead: datetime) -> None:
    """Items put off by a clock ahead of this one are decided again: they wait longer than `LONGEST_PUT_OFF`."""
    due = tx.all(
        f"""UPDATE outbox SET due_at = :at, waits_for = NULL WHERE bot_id = :bot AND status = 'queued'
           AND stream = 'marketing' AND waits_for <> '{RESTORED}' AND due_at > :longest RETURNING chat_id""",
        at=tx.at,
        bot=tx.bot_id,
        longest=ahead + LONGEST_PUT_OFF,
    )
    for chat_id in {row["chat_id"] for row in due}:
        waiting_chats.announce(tx, chat_id, "marketing", tx.at)


def release_of_funnel(tx: Tx, funnel_id: int) -> None:
    """Releases items that waited because their funnel was paused."""
    back = tx.all(
        """UPDATE outbox SET due_at = :at, waits_for = NULL
           WHERE bot_id = :bot AND status = 'queued' AND waits_for = 'paused' AND enrolment_id IN (
               SELECT id FROM enrolments WHERE funnel_id = :funnel AND state = 'running') RETURNING chat_id, stream""",
        at=tx.at,
        bot=tx.bot_id,
        funnel=funnel_id,
    )
    for row in back:
        waiting_chats.announce(tx, row["chat_id"], row["stream"], tx.at)


def count_put_off(tx: Tx, customer_id: int) -> dict[str, int]:
    """How many messages wait for the end of quiet hours or for the next day, by reason."""
    rows = tx.all(
        """SELECT waits_for, COUNT(DISTINCT message_id) AS messages FROM outbox
           WHERE bot_id = :bot AND customer_id = :customer AND stream = 'marketing' AND status = 'queued'
           AND waits_for IN ('quiet_hours', 'cap_per_day') GROUP BY waits_for ORDER BY waits_for""",
        bot=tx.bot_id,
        customer=customer_id,
    )
    return {row["waits_for"]: int(row["messages"]) for row in rows}


def count_held(tx: Tx, customer_id: int) -> int:
    """How many marketing messages wait for this customer; they are held if the gate is."""
    row = tx.one(
        """SELECT COUNT(DISTINCT message_id) AS held FROM outbox
           WHERE bot_id = :bot AND customer_id = :customer AND stream = 'marketing' AND status = 'queued'
           AND (expires_at IS NULL OR expires_at > :at)""",
        at=tx.at,
        bot=tx.bot_id,
        customer=customer_id,
    )
    return int(row["held"]) if row else 0
