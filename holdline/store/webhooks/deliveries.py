"""Events on their way to webhooks, each with its tries and the answer of the address."""

from datetime import datetime

from holdline.dialogs.webhooks.webhook import ERROR_LIMIT, LONGEST_PAUSE, Delivery, DeliveryResult
from holdline.store.restores.held_work import not_held
from holdline.store.tx import Row, Tx

_SHOWN = """id, webhook_id, message_key, event_type, body, status, attempts, due_at, http_status, error,
            created_at, tried_at, settled_at"""


def insert(tx: Tx, *, webhook_id: int, message_key: str, event_type: str, body: str) -> None:
    """Adds a delivery, unless the webhook is deleted or switched off at this moment.

    That must not make the desk's own work fail, and nothing may wait for a webhook that is off.
    """
    tx.run(
        """INSERT INTO webhook_deliveries (bot_id, webhook_id, message_key, event_type, body, due_at, created_at)
           SELECT bot_id, id, :key, :type, :body, :at, :at FROM webhooks
           WHERE bot_id = :bot AND id = :webhook AND active = 1 FOR KEY SHARE""",
        bot=tx.bot_id,
        webhook=webhook_id,
        key=message_key,
        type=event_type,
        body=body,
        at=tx.at,
    )


def webhooks_with_due(tx: Tx) -> list[int]:
    """The webhooks that have due deliveries."""
    rows = tx.all(
        f"""SELECT DISTINCT webhook_id FROM webhook_deliveries
           WHERE bot_id = :bot AND status = 'queued' AND due_at <= :at
           AND {not_held("webhook_deliveries", "webhook_deliveries.id")} ORDER BY webhook_id""",
        bot=tx.bot_id,
        at=tx.at,
    )
    return [int(row["webhook_id"]) for row in rows]


def take_due(tx: Tx, webhook_id: int, *, again_at: datetime, limit: int) -> list[Delivery]:
    """Takes the oldest due deliveries. Each counts a try, and is due `again_at` if nobody reports the result."""
    rows = tx.all(
        f"""UPDATE webhook_deliveries SET attempts = attempts + 1, due_at = :again, tried_at = :at WHERE id IN (
               SELECT d.id FROM webhook_deliveries d WHERE d.bot_id = :bot AND d.webhook_id = :webhook
               AND d.status = 'queued' AND d.due_at <= :at
               AND {not_held("webhook_deliveries", "d.id")} ORDER BY due_at, id LIMIT :limit
               FOR UPDATE SKIP LOCKED)
           RETURNING id, webhook_id, message_key, body, attempts""",
        bot=tx.bot_id,
        webhook=webhook_id,
        at=tx.at,
        again=again_at,
        limit=limit,
    )
    webhook = tx.one("SELECT url, secret FROM webhooks WHERE id = :id", id=webhook_id)
    assert webhook is not None or not rows
    return [Delivery(**row, **(webhook or {})) for row in sorted(rows, key=lambda row: int(row["id"]))]


def settle(
    tx: Tx, delivery_id: int, *, status: str, result: DeliveryResult, attempt: int | None = None
) -> None:
    """Ends it as sent or failed: from now on it is not retried automatically. `attempt`: the result is that of this
    try; if a later one has begun, it decides.
    """
    tx.run(
        """UPDATE webhook_deliveries SET status = :status, settled_at = :at, http_status = :http, error = :error
           WHERE id = :id AND status = 'queued' AND (CAST(:attempt AS BIGINT) IS NULL OR attempts = :attempt)""",
        attempt=attempt,
        status=status,
        at=tx.at,
        http=result.http_status,
        error=result.error[:ERROR_LIMIT] or None,
        id=delivery_id,
    )


def postpone(tx: Tx, delivery_id: int, *, due_at: datetime, result: DeliveryResult, attempt: int) -> None:
    """Postpones the delivery to its next try, unless one has begun since this `attempt`."""
    tx.run(
        """UPDATE webhook_deliveries SET due_at = :due, http_status = :http, error = :error
           WHERE id = :id AND status = 'queued' AND attempts = :attempt""",
        attempt=attempt,
        due=due_at,
        http=result.http_status,
        error=result.error[:ERROR_LIMIT],
        id=delivery_id,
    )


def fail_waiting(tx: Tx, webhook_id: int, error: str) -> None:
    """Fails the deliveries that wait for a webhook that is off; each can be sent again by hand."""
    tx.run(
        """UPDATE webhook_deliveries SET status = 'failed', settled_at = :at, error = :error
           WHERE bot_id = :bot AND webhook_id = :webhook AND status = 'queued'""",
        at=tx.at,
        error=error,
        bot=tx.bot_id,
        webhook=webhook_id,
    )


def count(tx: Tx, webhook_id: int, status: str) -> int:
    """How many of the webhook's deliveries have that status."""
    row = tx.one(
        """SELECT COUNT(*) AS n FROM webhook_deliveries
           WHERE bot_id = :bot AND webhook_id = :webhook AND status = :status""",
        bot=tx.bot_id,
        webhook=webhook_id,
        status=status,
    )
    return int(row["n"]) if row else 0


def by_id(tx: Tx, delivery_id: int) -> Row | None:
    return tx.one(
        f"SELECT {_SHOWN} FROM webhook_deliveries WHERE bot_id = :bot AND id = :id",
        bot=tx.bot_id,
        id=delivery_id,
    )


def page(
    tx: Tx, webhook_id: int, *, order: str, after: int | None, limit: int, status: str | None
) -> list[Row]:
    """`order`: newest or oldest; `after`: the last id of the previous page."""
    beyond, way = (">", "ASC") if order == "oldest" else ("<", "DESC")
    return tx.all(
        f"""SELECT {_SHOWN} FROM webhook_deliveries WHERE bot_id = :bot AND webhook_id = :webhook
            AND (CAST(:after AS BIGINT) IS NULL OR id {beyond} :after)
            AND (CAST(:status AS TEXT) IS NULL OR status = :status) ORDER BY id {way} LIMIT :limit""",
        bot=tx.bot_id,
        webhook=webhook_id,
        after=after,
        status=status,
        limit=limit,
    )


def requeue(tx: Tx, delivery_id: int) -> None:
    """Queues the delivery again for a person, with all its tries left."""
    tx.run(
        """UPDATE webhook_deliveries SET status = 'queued', attempts = 0, due_at = :at, settled_at = NULL
           WHERE id = :id""",
        at=tx.at,
        id=delivery_id,
    )


def requeue_failed(tx: Tx, webhook_id: int) -> int:
    """Queues all failed deliveries again; returns how many."""
    return tx.run(
        """UPDATE webhook_deliveries SET status = 'queued', attempts = 0, due_at = :at, settled_at = NULL
           WHERE bot_id = :bot AND webhook_id = :webhook AND status = 'failed'""",
        at=tx.at,
        bot=tx.bot_id,
        webhook=webhook_id,
    )


def delete_settled_before(tx: Tx, before: datetime, *, limit: int) -> int:
    """Deletes deliveries that were settled before that time, at most `limit`; returns how many."""
    return tx.run(
        """DELETE FROM webhook_deliveries WHERE id IN (
               SELECT id FROM webhook_deliveries WHERE bot_id = :bot AND settled_at < :before
               ORDER BY settled_at LIMIT :limit)""",
        bot=tx.bot_id,
        before=before,
        limit=limit,
    )


def bring_back(tx: Tx, *, ahead: datetime) -> None:
    """Deliveries written by a clock ahead of this one are due; no other waits longer than a delivery may."""
    tx.post(
        """UPDATE webhook_deliveries SET due_at = :at WHERE bot_id = :bot AND status = 'queued' AND due_at > :at
           AND (created_at > :ahead OR due_at > :longest)""",
        bot=tx.bot_id,
        at=tx.at,
        ahead=ahead,
        longest=tx.at + LONGEST_PAUSE * 1.5,
    )
