-- What customers pressed on messages of outside tools; the tool reads it with its message.
CREATE TABLE presses (
    id @ID,
    bot_id BIGINT NOT NULL,
    outbox_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    data TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX presses_by_item ON presses (outbox_id, id);
