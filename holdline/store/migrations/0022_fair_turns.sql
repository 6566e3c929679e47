-- After floods of several chats: one call at a time until then, or until Telegram takes one.
ALTER TABLE leases ADD COLUMN careful_until_at BIGINT;
-- Silences of an hour for the sake of single chats are not asked for any more.
UPDATE leases SET frozen_until_at = NULL, marketing_frozen_until_at = NULL;
-- In a chat of the desk, every customer's words have a turn before anybody's next ones. 0 is the desk itself.
ALTER TABLE outbox ADD COLUMN about_customer BIGINT;
ALTER TABLE outbox ADD COLUMN turn BIGINT NOT NULL DEFAULT 0;
DROP INDEX outbox_next;
CREATE INDEX outbox_next ON outbox (bot_id, chat_id, lane, rank, turn, due_at, id) WHERE status = 'queued';
CREATE INDEX outbox_turns ON outbox (bot_id, chat_id, about_customer, rank, turn)
    WHERE status = 'queued' AND about_customer IS NOT NULL;
-- SQLite prefers the newer of two indexes that look equally good to it.
DROP INDEX outbox_by_customer;
CREATE INDEX outbox_by_customer ON outbox (customer_id, lane) WHERE status = 'queued' AND customer_id IS NOT NULL;
-- The most urgent class of marketing that waits in a chat: 0 smart replies, 1 funnels, 2 broadcasts.
ALTER TABLE lanes ADD COLUMN urgency INTEGER NOT NULL DEFAULT 2;
UPDATE lanes SET urgency = 1 WHERE marketing_due_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM outbox o WHERE o.bot_id = lanes.bot_id AND o.chat_id = lanes.chat_id
    AND o.status = 'queued' AND o.class = 'funnel');
UPDATE lanes SET urgency = 0 WHERE marketing_due_at IS NOT NULL AND EXISTS (
    SELECT 1 FROM outbox o WHERE o.bot_id = lanes.bot_id AND o.chat_id = lanes.chat_id
    AND o.status = 'queued' AND o.class = 'smart_reply');
CREATE INDEX lanes_by_urgency ON lanes (bot_id, urgency, marketing_due_at)
    WHERE marketing_due_at IS NOT NULL AND gate = 'open';
