"""Webhooks with their health. Webhooks hardly ever change, so the writer caches them; their health is kept apart."""

from datetime import datetime
from typing import Any

from holdline.dialogs.refusal import NotFound
from holdline.dialogs.webhooks.webhook import ERROR_LIMIT, ToolWebhook, WebhookHealth
from holdline.store.tx import Row, Tx

_COLUMNS = "w.id, w.url, w.events_json, w.secret, w.active, w.off_reason, w.created_at"


def list_active(tx: Tx) -> list[ToolWebhook]:
    """Read for each event: cached by the writer, so that a desk without webhooks runs no query."""
    rows = tx.all(
        f"SELECT {_COLUMNS} FROM webhooks w WHERE w.bot_id = :bot AND w.active = 1 ORDER BY w.id",
        bot=tx.bot_id,
    )
    return [_webhook(row, WebhookHealth()) for row in rows]


def list_all(tx: Tx) -> list[ToolWebhook]:
    """The oldest first."""
    return _where(tx, "TRUE")


def load(tx: Tx, webhook_id: int) -> ToolWebhook:
    """Raises NotFound if there is none."""
    found = _where(tx, "w.id = :id", id=webhook_id)
    if not found:
        raise NotFound("webhook", webhook_id)
    return found[0]


def lock(tx: Tx, webhook_id: int) -> None:
    """Locks the webhook: changes of it and the settling of its deliveries wait for each other."""
    _lock(tx, webhook_id, "FOR UPDATE")


def lock_against_events(tx: Tx, webhook_id: int) -> None:
    """Also waits for transactions that are adding deliveries, and makes later ones wait: for ending waiting
    deliveries.
    """
    _lock(tx, webhook_id, "FOR KEY UPDATE")


def insert(tx: Tx, *, url: str, events: tuple[str, ...], secret: str, active: bool) -> int:
    row = tx.one(
        """INSERT INTO webhooks (bot_id, url, events_json, secret, active, created_at)
           VALUES (:bot, :url, :events, :secret, :active, :at) RETURNING id""",
        bot=tx.bot_id,
        url=url,
        events=list(events),
        secret=secret,
        active=int(active),
        at=tx.at,
    )
    assert row is not None
    tx.run("INSERT INTO webhook_health (webhook_id) VALUES (:id)", id=row["id"])
    return int(row["id"])


def update(tx: Tx, webhook_id: int, **fields: Any) -> None:
    """`fields`: url, events_json, active, off_reason."""
    assignments = ", ".join(f"{name} = :{name}" for name in fields)
    tx.run(f"UPDATE webhooks SET {assignments} WHERE id = :webhook_id", webhook_id=webhook_id, **fields)


def delete(tx: Tx, webhook_id: int) -> None:
    """Deletes the webhook with all its deliveries, sent or waiting."""
    for table in ("webhook_deliveries", "webhook_health"):
        tx.run(f"DELETE FROM {table} WHERE webhook_id = :id", id=webhook_id)
    tx.run("DELETE FROM webhooks WHERE id = :id", id=webhook_id)


def mark_well(tx: Tx, webhook_id: int) -> None:
    """Records that the webhook accepts deliveries."""
    tx.run(
        """UPDATE webhook_health SET failing_since_at = NULL, alarmed_at = NULL, last_sent_at = :at
           WHERE webhook_id = :id""",
        at=tx.at,
        id=webhook_id,
    )


def mark_failing(tx: Tx, webhook_id: int, error: str) -> None:
    tx.run(
        """UPDATE webhook_health SET failing_since_at = COALESCE(failing_since_at, :at), last_failed_at = :at,
                  error = :error WHERE webhook_id = :id""",
        at=tx.at,
        error=error[:ERROR_LIMIT],
        id=webhook_id,
    )


def take_alarm(tx: Tx, webhook_id: int, *, failing_before: datetime) -> datetime | None:
    """Since when it fails, if that is before `failing_before` and no alarm was sent yet; records the alarm as sent."""
    row = tx.one(
        """UPDATE webhook_health SET alarmed_at = :at
           WHERE webhook_id = :id AND alarmed_at IS NULL AND failing_since_at <= :before
           RETURNING failing_since_at""",
        at=tx.at,
        id=webhook_id,
        before=failing_before,
    )
    since: datetime | None = row["failing_since_at"] if row else None
    return since


def _lock(tx: Tx, webhook_id: int, strength: str) -> None:
    found = tx.one(
        f"SELECT id FROM webhooks WHERE bot_id = :bot AND id = :id {strength}", bot=tx.bot_id, id=webhook_id
    )
    if found is None:
        raise NotFound("webhook", webhook_id)


def _where(tx: Tx, condition: str, **values: Any) -> list[ToolWebhook]:
    rows = tx.all(
        f"""SELECT {_COLUMNS}, h.failing_since_at, h.last_sent_at, h.last_failed_at, h.error
            FROM webhooks w JOIN webhook_health h ON h.webhook_id = w.id
            WHERE w.bot_id = :bot AND {condition} ORDER BY w.id""",
        bot=tx.bot_id,
        **values,
    )
    return [_webhook(row, _health(row)) for row in rows]


def _health(row: Row) -> WebhookHealth:
    return WebhookHealth(row["failing_since_at"], row["last_sent_at"], row["last_failed_at"], row["error"])


def _webhook(row: Row, health: WebhookHealth) -> ToolWebhook:
    return ToolWebhook(
        id=row["id"],
        url=row["url"],
        events=tuple(row["events_json"]),
        secret=row["secret"],
        active=bool(row["active"]),
        off_reason=row["off_reason"],
        created_at=row["created_at"],
        health=health,
    )
