-- Answers to free text that the desk keeps: by words, by an expression, or by questions that are like the text.
CREATE TABLE smart_replies (
    id @ID,
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    answer TEXT NOT NULL,
    words_json TEXT NOT NULL DEFAULT '[]',
    regex TEXT,
    questions_json TEXT NOT NULL DEFAULT '[]',
    calendar_id BIGINT REFERENCES calendars (id),
    -- inside or outside the calendar's hours
    hours_when TEXT NOT NULL DEFAULT 'inside',
    active INTEGER NOT NULL DEFAULT 1,
    position INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX smart_replies_of_bot ON smart_replies (bot_id, position, id) WHERE deleted_at IS NULL;

-- What was answered by itself, and what the customer said of it.
CREATE TABLE smart_answers (
    message_id BIGINT PRIMARY KEY REFERENCES messages (id),
    bot_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    reply_id BIGINT NOT NULL REFERENCES smart_replies (id),
    -- the customer's message, and the Inbox item that it came to
    asked_message_id BIGINT NOT NULL REFERENCES messages (id),
    inbox_item_id BIGINT,
    score DOUBLE PRECISION NOT NULL,
    -- rule, faq or model
    source TEXT NOT NULL,
    -- helped or person
    feedback TEXT,
    feedback_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX smart_answers_asked ON smart_answers (asked_message_id);
CREATE INDEX smart_answers_of_reply ON smart_answers (reply_id, feedback);
CREATE INDEX smart_answers_of_customer ON smart_answers (customer_id, created_at);
CREATE INDEX smart_answers_of_item ON smart_answers (inbox_item_id) WHERE inbox_item_id IS NOT NULL;
