"""Invariants of webhooks and deliveries."""

from holdline.store.invariants.invariant import Invariant

WEBHOOKS = (
    Invariant(
        "webhook_has_health",
        "every webhook has its health",
        """SELECT w.id FROM webhooks w LEFT JOIN webhook_health h ON h.webhook_id = w.id
           WHERE h.webhook_id IS NULL""",
        "delete the webhook by the API and add it again",
    ),
    Invariant(
        "nothing_waits_for_a_webhook_that_is_off",
        "deliveries wait only for webhooks that are on",
        """SELECT d.id, d.webhook_id FROM webhook_deliveries d JOIN webhooks w ON w.id = d.webhook_id
           WHERE d.status = 'queued' AND w.active = 0""",
        "switch the webhook on, or delete it",
    ),
    Invariant(
        "a_delivery_is_settled_or_waits",
        "a delivery waits, or is settled with its time; what was sent was taken with 2xx",
        """SELECT id, status, http_status FROM webhook_deliveries
           WHERE (status = 'queued') <> (settled_at IS NULL)
              OR (status = 'sent' AND (http_status IS NULL OR http_status < 200 OR http_status > 299))""",
        "send it again with POST /webhooks/deliveries/{id}/again",
    ),
)
