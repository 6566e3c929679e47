-- Customers who were warned that their dialog closes, unless they answer: after which words of ours, and when it does.
CREATE TABLE silence_warnings (
    dialog_id BIGINT PRIMARY KEY REFERENCES dialogs (id),
    bot_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL REFERENCES messages (id),
    warned_at BIGINT NOT NULL,
    closes_at BIGINT NOT NULL
);
CREATE INDEX silence_warnings_by_close ON silence_warnings (bot_id, closes_at);
