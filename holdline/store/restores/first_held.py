"""The oldest of what a restore holds for customers, to be named where somebody decides about it."""

from holdline.dialogs.conversation.scheduled_reply import ScheduledReply
from holdline.store.conversation import scheduled_replies
from holdline.store.restores.held_work import RESTORED
from holdline.store.tx import Row, Tx

_HELD = "rw.bot_id = :bot AND rw.verdict IS NULL AND rw.source"


def list_broadcasts(tx: Tx, *, limit: int) -> list[Row]:
    """id, content_json."""
    return tx.all(
        f"""SELECT b.id, b.content_json FROM restored_work rw JOIN broadcasts b ON b.id = rw.row_id
            WHERE {_HELD} = 'broadcasts' ORDER BY rw.row_id LIMIT :limit""",
        bot=tx.bot_id,
        limit=limit,
    )


def list_replies(tx: Tx, *, limit: int) -> list[ScheduledReply]:
    """Scheduled replies that were due."""
    rows = tx.all(
        f"""SELECT rw.row_id FROM restored_work rw WHERE {_HELD} = 'scheduled_replies'
            ORDER BY rw.row_id LIMIT :limit""",
        bot=tx.bot_id,
        limit=limit,
    )
    return [scheduled_replies.by_id(tx, row["row_id"]) for row in rows]


def list_funnel_steps(tx: Tx, *, limit: int) -> list[Row]:
    """Steps that were due: name (of the customer), funnel."""
    return tx.all(
        f"""SELECT c.name, f.name AS funnel FROM restored_work rw JOIN enrolments e ON e.id = rw.row_id
            JOIN customers c ON c.id = e.customer_id JOIN funnels f ON f.id = e.funnel_id
            WHERE {_HELD} = 'enrolments' AND rw.due_at IS NOT NULL ORDER BY rw.row_id LIMIT :limit""",
        bot=tx.bot_id,
        limit=limit,
    )


def list_messages(tx: Tx, *, limit: int) -> list[Row]:
    """Messages that were queued, without those of a broadcast that is on hold itself: name, text, kind, class."""
    return tx.all(
        f"""SELECT o.id, o.class, o.kind, c.name, m.text FROM restored_work rw
            JOIN outbox o ON o.id = rw.row_id JOIN customers c ON c.id = o.customer_id
            LEFT JOIN messages m ON m.id = o.message_id
            WHERE {_HELD} = 'outbox' AND o.audience = 'customer' AND o.status = 'queued'
            AND o.waits_for = '{RESTORED}' AND NOT EXISTS (
                SELECT 1 FROM restored_work b WHERE b.source = 'broadcasts' AND b.row_id = o.broadcast_id)
            ORDER BY rw.row_id LIMIT :limit""",
        bot=tx.bot_id,
        limit=limit,
    )
