-- One act on many dialogs, done one after another; and files that belong to a dialog itself.
CREATE TABLE bulk_jobs (
    id @ID,
    bot_id BIGINT NOT NULL,
    manager_id BIGINT NOT NULL REFERENCES managers (id),
    -- {"name", "value"}
    step_json TEXT NOT NULL,
    total INTEGER NOT NULL,
    -- Where its progress is shown, if anywhere.
    chat_id BIGINT,
    thread_id BIGINT,
    created_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE TABLE bulk_items (
    job_id BIGINT NOT NULL REFERENCES bulk_jobs (id),
    dialog_id BIGINT NOT NULL,
    position INTEGER NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'refused')),
    code TEXT,
    message TEXT,
    PRIMARY KEY (job_id, dialog_id)
);
CREATE INDEX bulk_items_waiting ON bulk_items (position, job_id) WHERE state = 'waiting';
CREATE INDEX bulk_jobs_running ON bulk_jobs (bot_id, id) WHERE finished_at IS NULL;

CREATE TABLE attachments (
    id @ID,
    bot_id BIGINT NOT NULL,
    dialog_id BIGINT NOT NULL REFERENCES dialogs (id),
    manager_id BIGINT NOT NULL REFERENCES managers (id),
    name TEXT NOT NULL,
    mime TEXT NOT NULL,
    size BIGINT NOT NULL,
    -- How Telegram knows it, and as which kind of message; a file from the API has neither until it was shown.
    kind TEXT NOT NULL DEFAULT 'document',
    file_id TEXT,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX attachments_by_dialog ON attachments (dialog_id, id) WHERE deleted_at IS NULL;
