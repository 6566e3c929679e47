-- What a desk says often: replies and notes that are written once, with places for the customer's and the dialog's words.
CREATE TABLE templates (
    id @ID,
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('reply', 'note')),
    text TEXT NOT NULL,
    team_id BIGINT REFERENCES teams (id),
    language TEXT,
    -- The kind of its file and what it needs to be sent again; empty where it has none.
    file_json TEXT NOT NULL DEFAULT '{}',
    uses BIGINT NOT NULL DEFAULT 0,
    deleted_at BIGINT,
    changed_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX templates_in_use ON templates (bot_id, id) WHERE deleted_at IS NULL;
