-- Customers' words that a language model is to be asked about: gone once it was, or after two minutes.
CREATE TABLE smart_jobs (
    message_id BIGINT PRIMARY KEY REFERENCES messages (id),
    bot_id BIGINT NOT NULL,
    inbox_item_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX smart_jobs_oldest ON smart_jobs (bot_id, created_at);
