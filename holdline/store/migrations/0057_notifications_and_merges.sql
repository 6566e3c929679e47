-- What each manager is told of, by which channel; and what waits to be told, so that several become one message.
CREATE TABLE notification_settings (
    manager_id BIGINT PRIMARY KEY REFERENCES managers (id),
    bot_id BIGINT NOT NULL,
    channels_json TEXT NOT NULL,
    email TEXT
);
CREATE INDEX notification_settings_by_bot ON notification_settings (bot_id);
CREATE TABLE notifications (
    id @ID,
    bot_id BIGINT NOT NULL,
    manager_id BIGINT NOT NULL REFERENCES managers (id),
    dialog_id BIGINT NOT NULL REFERENCES dialogs (id),
    channel TEXT NOT NULL CHECK (channel IN ('telegram', 'email')),
    topic TEXT NOT NULL,
    words_json TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX notifications_waiting ON notifications (bot_id, manager_id, channel, created_at) WHERE sent_at IS NULL;
CREATE INDEX notifications_sent ON notifications (bot_id, manager_id, channel, sent_at) WHERE sent_at IS NOT NULL;

-- A dialog that was merged into another one of its customer. What moved keeps where it came from, so that it can go back.
ALTER TABLE dialogs ADD COLUMN merged_into BIGINT REFERENCES dialogs (id);
ALTER TABLE messages ADD COLUMN origin_dialog_id BIGINT;
ALTER TABLE notes ADD COLUMN origin_dialog_id BIGINT;
ALTER TABLE attachments ADD COLUMN origin_dialog_id BIGINT;
CREATE INDEX dialogs_merged ON dialogs (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX messages_by_origin ON messages (origin_dialog_id) WHERE origin_dialog_id IS NOT NULL;
CREATE INDEX notes_by_origin ON notes (origin_dialog_id) WHERE origin_dialog_id IS NOT NULL;
CREATE INDEX attachments_by_origin ON attachments (origin_dialog_id) WHERE origin_dialog_id IS NOT NULL;
