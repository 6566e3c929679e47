-- Where something is sent: a chat with its gate, its pace and at most one call in flight. "Lane" meant two other things too.
ALTER TABLE lanes RENAME TO chats;
DROP INDEX lanes_dialog_due;
DROP INDEX lanes_marketing_due;
DROP INDEX lanes_leased;
DROP INDEX lanes_by_customer;
DROP INDEX lanes_by_urgency;
CREATE INDEX chats_dialog_due ON chats (bot_id, dialog_due_at) WHERE dialog_due_at IS NOT NULL;
CREATE INDEX chats_marketing_due ON chats (bot_id, marketing_due_at) WHERE marketing_due_at IS NOT NULL AND gate = 'open';
CREATE INDEX chats_leased ON chats (bot_id, leased_until_at) WHERE leased_until_at IS NOT NULL;
CREATE UNIQUE INDEX chats_by_customer ON chats (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX chats_by_urgency ON chats (bot_id, urgency, marketing_due_at)
    WHERE marketing_due_at IS NOT NULL AND gate = 'open';
