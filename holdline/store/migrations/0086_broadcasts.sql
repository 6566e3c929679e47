-- One message to many: what is said, to whom, when, and how far it has come. Recipients refer to it and keep no text.
CREATE TABLE broadcasts (
    id @ID,
    bot_id BIGINT NOT NULL,
    -- {"variants": [{"text", "entities", "share"}], "buttons", "media", "link_preview"}
    content_json TEXT NOT NULL,
    audience_json TEXT NOT NULL,
    topic TEXT,
    expires_at BIGINT,
    starts_at BIGINT NOT NULL,
    -- A day and a time without a zone: each customer's own clock says when. Then it starts with the first of them.
    local_time TEXT,
    status TEXT NOT NULL CHECK (status IN ('scheduled', 'sending', 'paused', 'done', 'cancelled')),
    api_key_id BIGINT,
    manager_id BIGINT REFERENCES managers (id),
    -- Customers up to this id have been looked at; since `gathered_at` all have.
    gathered_until_id BIGINT NOT NULL DEFAULT 0,
    gathered_at BIGINT,
    -- Counted when it was made, and anew while the audience is gathered.
    expected BIGINT NOT NULL,
    recipients BIGINT NOT NULL DEFAULT 0,
    sent BIGINT NOT NULL DEFAULT 0,
    blocked BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0,
    expired BIGINT NOT NULL DEFAULT 0,
    cancelled BIGINT NOT NULL DEFAULT 0,
    -- The pace of late: how much was sent at `measured_at`, and how many a second before that.
    measured_at BIGINT,
    measured_sent BIGINT NOT NULL DEFAULT 0,
    per_second REAL,
    -- What Telegram said of its content since it was last let go, and how often: words → times.
    refusals_json TEXT,
    pause_reason TEXT,
    -- What was ended before everybody had it: until this is set, rows still wait to be told.
    ended_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX broadcasts_at_work ON broadcasts (bot_id, status, starts_at) WHERE ended_at IS NULL;

-- Changes of the counts above, added by whoever ends a recipient and summed up later: many end at once.
CREATE TABLE broadcast_tallies (
    id @ID,
    broadcast_id BIGINT NOT NULL,
    status TEXT NOT NULL,
    change INTEGER NOT NULL
);

CREATE INDEX customers_held ON customers (bot_id, id) WHERE gate = 'held';
