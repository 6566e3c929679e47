-- A chat that refuses the bot's reactions is told of deliveries in words.
ALTER TABLE chats ADD COLUMN reactions_refused_at BIGINT;
-- Replies that wait for longer than some seconds are looked for every other second.
CREATE INDEX messages_waiting_replies ON messages (bot_id, created_at) WHERE status = 'queued' AND author_kind = 'manager';
