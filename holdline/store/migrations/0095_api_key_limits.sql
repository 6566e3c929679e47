-- How many messages a key may send through the gate, and how many it has sent in the minute and the day that run.
ALTER TABLE api_keys ADD COLUMN per_minute INTEGER;
ALTER TABLE api_keys ADD COLUMN per_day INTEGER;
CREATE TABLE api_key_windows (
    api_key_id BIGINT NOT NULL REFERENCES api_keys (id),
    span TEXT NOT NULL CHECK (span IN ('minute', 'day')),
    begins_at BIGINT NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (api_key_id, span)
);
