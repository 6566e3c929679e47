-- What of marketing a customer was sent, also what a manager sent past the gate, which leaves as a message of the dialog.
DROP INDEX outbox_marketing_sent;
CREATE INDEX outbox_marketing_sent ON outbox (customer_id, settled_at)
    WHERE class IN ('funnel', 'broadcast') AND status = 'sent';
-- Messages about one topic, newest first.
CREATE INDEX outbox_of_topic ON outbox (bot_id, marketing_topic, id) WHERE marketing_topic IS NOT NULL;
-- The sample of an album, found by one of its parts.
CREATE INDEX outbox_of_samples ON outbox (bot_id, chat_id, tg_message_id) WHERE kind = 'marketing_sample';
