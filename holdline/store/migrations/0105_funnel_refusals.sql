-- Telegram's refusals of a step's content: how often the same one came in a row. A message that is sent ends the row.
CREATE TABLE step_refusals (
    version_id BIGINT NOT NULL REFERENCES funnel_versions (id),
    address TEXT NOT NULL,
    reason TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (version_id, address)
);

-- Why a funnel has paused by itself: Telegram's words, the version and its step.
ALTER TABLE funnels ADD COLUMN pause_reason TEXT;
ALTER TABLE funnels ADD COLUMN pause_version INTEGER;
ALTER TABLE funnels ADD COLUMN pause_step TEXT;
