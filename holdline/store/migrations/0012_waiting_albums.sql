-- Albums that managers are sending: every part is here before the whole is decided.
CREATE TABLE waiting_album_parts (
    id @ID,
    bot_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    album_id TEXT NOT NULL,
    telegram_id BIGINT NOT NULL,
    tg_message_id BIGINT NOT NULL,
    sender_json TEXT NOT NULL,
    content_json TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    UNIQUE (bot_id, chat_id, tg_message_id)
);
CREATE INDEX waiting_album_parts_by_person ON waiting_album_parts (bot_id, chat_id, telegram_id);
