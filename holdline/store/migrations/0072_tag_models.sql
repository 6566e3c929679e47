-- Models that tag closed dialogs, the dialogs that wait for it, and rules that are switched off.
CREATE TABLE tag_models (
    id @ID,
    bot_id BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('asked', 'running', 'ready', 'failed')),
    manager_id BIGINT REFERENCES managers (id),
    tries INTEGER NOT NULL DEFAULT 0,
    -- Its name in the folder of models, and what it must hash to.
    file TEXT,
    checksum TEXT,
    -- How good it was on dialogs that it had not learnt from.
    figures_json TEXT NOT NULL DEFAULT '{}',
    reason TEXT,
    asked_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT
);
CREATE INDEX tag_models_by_state ON tag_models (bot_id, state, id);
CREATE TABLE tag_jobs (
    dialog_id BIGINT PRIMARY KEY REFERENCES dialogs (id),
    bot_id BIGINT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL
);
CREATE INDEX tag_jobs_due ON tag_jobs (bot_id, due_at);
ALTER TABLE tag_rules ADD COLUMN enabled INTEGER NOT NULL DEFAULT 1;
CREATE INDEX dialog_labels_automatic ON dialog_labels (list_id, source) WHERE source <> 'manager';
CREATE INDEX tag_corrections_by_dialog ON tag_corrections (dialog_id);
