-- Whether Telegram delivers is true of a chat: a customer may be met in another one as well.
ALTER TABLE chats ADD COLUMN reach TEXT NOT NULL DEFAULT 'ok'
    CHECK (reach IN ('ok', 'blocked', 'deactivated', 'unknown'));
UPDATE chats SET reach = customers.reach
    FROM customers WHERE customers.id = chats.customer_id AND customers.reach <> 'ok';
ALTER TABLE customers DROP COLUMN reach;
