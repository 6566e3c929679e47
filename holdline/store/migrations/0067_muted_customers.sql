-- Customers whose words outside dialogs are kept but shown to nobody: since when, until when (NULL: until unmuted), and why.
ALTER TABLE customers ADD COLUMN muted_at BIGINT;
ALTER TABLE customers ADD COLUMN muted_until_at BIGINT;
ALTER TABLE customers ADD COLUMN mute_reason TEXT;
-- Said outside dialogs by a customer who was muted then: it belongs to no Inbox item.
ALTER TABLE messages ADD COLUMN muted INTEGER NOT NULL DEFAULT 0;
