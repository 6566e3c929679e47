-- What a broadcast may pay for calls above Telegram's free pace, and what it has begun to pay: tenths of a Star.
CREATE TABLE broadcast_budgets (
    broadcast_id BIGINT PRIMARY KEY,
    bot_id BIGINT NOT NULL,
    budget BIGINT NOT NULL CHECK (budget > 0),
    spent BIGINT NOT NULL DEFAULT 0 CHECK (spent >= 0 AND spent <= budget),
    -- Calls that Telegram put off (429) although they paid.
    floods INTEGER NOT NULL DEFAULT 0,
    -- Why it pays no more: "spent", or Telegram's words.
    stopped_reason TEXT,
    stopped_at BIGINT
);
CREATE INDEX broadcast_budgets_stopped ON broadcast_budgets (bot_id, stopped_at) WHERE stopped_at IS NOT NULL;
-- What the call that is on the wire has been counted with there.
ALTER TABLE outbox ADD COLUMN paid INTEGER NOT NULL DEFAULT 0;
