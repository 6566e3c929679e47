-- Where a note was written in Telegram, so that its writer can edit it, and when that was done last.
ALTER TABLE notes ADD COLUMN chat_id BIGINT;
ALTER TABLE notes ADD COLUMN tg_message_id BIGINT;
ALTER TABLE notes ADD COLUMN edited_at BIGINT;
CREATE INDEX notes_by_original ON notes (chat_id, tg_message_id) WHERE tg_message_id IS NOT NULL;

-- 1: its writer chose the dialog by a button; 0: the place or a reply said which one; empty: written before this was kept.
ALTER TABLE messages ADD COLUMN chosen INTEGER;

-- A topic is asked for also after it has ended as the place of its dialog.
CREATE INDEX places_by_any_thread ON places (bot_id, chat_id, thread_id) WHERE thread_id IS NOT NULL;
