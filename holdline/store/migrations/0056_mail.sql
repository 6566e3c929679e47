-- Mail that waits for its server, and dialogs that were forwarded, with what became of each recipient.
CREATE TABLE mails (
    id @ID,
    bot_id BIGINT NOT NULL,
    to_address TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sent', 'refused', 'parked')),
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,
    error TEXT,
    created_at BIGINT NOT NULL,
    settled_at BIGINT
);
CREATE INDEX mails_due ON mails (bot_id, due_at) WHERE status = 'queued';

CREATE TABLE forwards (
    id @ID,
    bot_id BIGINT NOT NULL,
    dialog_id BIGINT NOT NULL REFERENCES dialogs (id),
    manager_id BIGINT NOT NULL REFERENCES managers (id),
    subject TEXT NOT NULL,
    message TEXT NOT NULL,
    parts_json TEXT NOT NULL,
    form_id BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX forwards_by_dialog ON forwards (dialog_id);
CREATE TABLE forward_recipients (
    id @ID,
    forward_id BIGINT NOT NULL REFERENCES forwards (id),
    email TEXT,
    telegram_id BIGINT,
    name TEXT NOT NULL,
    mail_id BIGINT REFERENCES mails (id),
    said_as TEXT,
    status TEXT NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sent', 'failed')),
    reason TEXT,
    CHECK ((email IS NULL) <> (telegram_id IS NULL))
);
CREATE INDEX forward_recipients_of ON forward_recipients (forward_id);
CREATE INDEX forward_recipients_waiting ON forward_recipients (id) WHERE status = 'queued';
