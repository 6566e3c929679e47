-- Replies that are written now and said later; the rules are asked again when their time has come.
CREATE TABLE scheduled_replies (
    id @ID,
    bot_id BIGINT NOT NULL,
    dialog_id BIGINT NOT NULL REFERENCES dialogs (id),
    author_id BIGINT NOT NULL REFERENCES managers (id),
    content_json TEXT NOT NULL,
    send_at BIGINT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'refused', 'cancelled')),
    -- The customer's newest message that its author had seen, where that was said.
    seen_message_id BIGINT,
    -- Why it could not be said: the code of the refusal.
    reason TEXT,
    message_id BIGINT REFERENCES messages (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX scheduled_replies_due ON scheduled_replies (bot_id, send_at) WHERE state = 'waiting';
CREATE INDEX scheduled_replies_by_dialog ON scheduled_replies (dialog_id, id);
