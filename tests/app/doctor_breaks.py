"""Multi-line SQL statements that break invariants: SLA clocks, webhooks."""

TWO_CLOCKS = (
    "INSERT INTO sla_policies (bot_id, name, next_response, position, created_at) VALUES (1, 'Gold', '1h', 1, 1)",
    *(
        "INSERT INTO sla_clocks (bot_id, dialog_id, policy_id, name, state, started_at, counts_from_at, due_at)"
        f" SELECT 1, {{closed}}, MAX(id), '{name}', 'running', 1, 1, 1 FROM sla_policies"
        for name in ("first_response", "next_response")
    ),
)

WEBHOOK = (
    "INSERT INTO webhooks (id, bot_id, url, events_json, secret, active, created_at)"
    " VALUES (1, 1, 'https://x.test', '[]', 'whsec_x', 0, 1)"
)
HEALTH = "INSERT INTO webhook_health (webhook_id) VALUES (1)"
DELIVERY = (
    "INSERT INTO webhook_deliveries"
    " (bot_id, webhook_id, message_key, event_type, body, status, due_at, created_at, settled_at)"
)
WEBHOOK_BREAKS = {
    "webhook_has_health": [WEBHOOK],
    "nothing_waits_for_a_webhook_that_is_off": [
        WEBHOOK,
        HEALTH,
        f"{DELIVERY} VALUES (1, 1, 'k', 'outbound.sent', 'x', 'queued', 1, 1, NULL)",
    ],
    "a_delivery_is_settled_or_waits": [
        WEBHOOK,
        HEALTH,
        f"{DELIVERY} VALUES (1, 1, 'k', 'outbound.sent', 'x', 'sent', 1, 1, NULL)",
    ],
}

ERASED = "INSERT INTO erasures (bot_id, customer_id, state, actor_kind, actor_name, created_at, ended_at{})"
ERASURE_BREAKS = {
    "erased_hold_no_values": [
        ERASED.format("") + " SELECT bot_id, id, 'done', 'system', 'x', 1, 9000000000000000 FROM customers"
    ],
    "erasure_keeps_no_values": [
        ERASED.format(", values_json") + " VALUES (1, 0, 'done', 'system', 'x', 1, 9000000000000000, '{{}}')"
    ],
}
