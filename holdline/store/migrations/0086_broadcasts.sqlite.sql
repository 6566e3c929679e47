-- One customer of a broadcast. Waiting with an `outbox_id` it is in the outbox, without one it is not yet.
CREATE TABLE broadcast_recipients (
    broadcast_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    status TEXT NOT NULL DEFAULT 'waiting'
        CHECK (status IN ('waiting', 'sent', 'blocked', 'failed', 'expired', 'cancelled')),
    due_at BIGINT NOT NULL,
    waits_for TEXT,
    variant INTEGER,
    outbox_id BIGINT,
    reason TEXT,
    changed_at BIGINT,
    PRIMARY KEY (broadcast_id, customer_id)
) WITHOUT ROWID;
CREATE INDEX broadcast_recipients_due ON broadcast_recipients (broadcast_id, due_at, customer_id)
    WHERE status = 'waiting' AND outbox_id IS NULL;
CREATE INDEX broadcast_recipients_settled ON broadcast_recipients (broadcast_id, status, customer_id)
    WHERE status <> 'waiting';
