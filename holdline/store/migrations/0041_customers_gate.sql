-- The gate belongs to the customer, wherever they are met, and not to one chat.
ALTER TABLE customers ADD COLUMN gate TEXT NOT NULL DEFAULT 'open' CHECK (gate IN ('open', 'held'));
ALTER TABLE customers ADD COLUMN gate_epoch INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customers ADD COLUMN gate_changed_at BIGINT;
UPDATE customers SET gate = chats.gate, gate_epoch = chats.gate_epoch, gate_changed_at = chats.gate_changed_at
    FROM chats WHERE chats.customer_id = customers.id AND chats.gate_epoch > 0;
DROP INDEX chats_marketing_due;
DROP INDEX chats_by_urgency;
ALTER TABLE chats DROP COLUMN gate;
ALTER TABLE chats DROP COLUMN gate_epoch;
ALTER TABLE chats DROP COLUMN gate_changed_at;
CREATE INDEX chats_marketing_due ON chats (bot_id, marketing_due_at) WHERE marketing_due_at IS NOT NULL;
CREATE INDEX chats_by_urgency ON chats (bot_id, urgency, marketing_due_at) WHERE marketing_due_at IS NOT NULL;
