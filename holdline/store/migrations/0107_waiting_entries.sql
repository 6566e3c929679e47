-- Customers who wanted to enter a funnel while it was paused: they enter when it is resumed.
CREATE TABLE waiting_entries (
    bot_id BIGINT NOT NULL,
    funnel_id BIGINT NOT NULL REFERENCES funnels (id),
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    entry TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (funnel_id, customer_id)
);
CREATE INDEX waiting_entries_by_customer ON waiting_entries (customer_id);

-- When the funnel was deleted: its ended enrolments stay in the history, and its name is free again.
ALTER TABLE funnels ADD COLUMN deleted_at BIGINT;
DROP INDEX funnels_by_name;
CREATE UNIQUE INDEX funnels_by_name ON funnels (bot_id, name) WHERE deleted_at IS NULL;
