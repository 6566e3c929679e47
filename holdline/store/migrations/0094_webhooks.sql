-- Addresses of outside tools that are told what happens, and what became of each telling.
CREATE TABLE webhooks (
    id @ID,
    bot_id BIGINT NOT NULL,
    url TEXT NOT NULL,
    events_json TEXT NOT NULL,
    -- Signing needs it as it is, so it cannot be a hash.
    secret TEXT NOT NULL,
    active INTEGER NOT NULL DEFAULT 1,
    -- Why it was switched off where nobody did: the address said that it is gone.
    off_reason TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhooks_by_bot ON webhooks (bot_id);

CREATE TABLE webhook_health (
    webhook_id BIGINT PRIMARY KEY REFERENCES webhooks (id),
    failing_since_at BIGINT,
    alarmed_at BIGINT,
    last_sent_at BIGINT,
    last_failed_at BIGINT,
    error TEXT
);

CREATE TABLE webhook_deliveries (
    id @ID,
    bot_id BIGINT NOT NULL,
    webhook_id BIGINT NOT NULL REFERENCES webhooks (id),
    -- The header webhook-id, the same at every try.
    message_key TEXT NOT NULL,
    event_type TEXT NOT NULL,
    body TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sent', 'failed')),
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,
    http_status INTEGER,
    error TEXT,
    created_at BIGINT NOT NULL,
    tried_at BIGINT,
    settled_at BIGINT
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (bot_id, webhook_id, due_at) WHERE status = 'queued';
CREATE INDEX webhook_deliveries_of ON webhook_deliveries (webhook_id, id);
CREATE INDEX webhook_deliveries_settled ON webhook_deliveries (bot_id, settled_at) WHERE settled_at IS NOT NULL;
