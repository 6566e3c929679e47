-- Tags that are put on a dialog by itself when it closes, and those that people took off again.
CREATE TABLE tag_rules (
    id @ID,
    bot_id BIGINT NOT NULL,
    tag_id BIGINT NOT NULL REFERENCES lists (id),
    words_json TEXT NOT NULL DEFAULT '[]',
    regex TEXT,
    created_at BIGINT NOT NULL
);
CREATE TABLE tag_corrections (
    id @ID,
    bot_id BIGINT NOT NULL,
    dialog_id BIGINT NOT NULL REFERENCES dialogs (id),
    tag_id BIGINT NOT NULL REFERENCES lists (id),
    -- rule or model
    source TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX tag_corrections_by_tag ON tag_corrections (bot_id, tag_id);
