-- Chats for which something was written down that the sender has not looked at yet: a note to it that needs no lock.
CREATE TABLE waiting_chats (
    id @ID,
    bot_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    lane TEXT NOT NULL CHECK (lane IN ('dialog', 'marketing')),
    due_at BIGINT NOT NULL,
    taken INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX waiting_chats_by_bot ON waiting_chats (bot_id, id);
