-- A message at Telegram and what it stands for: an original, a copy, a card, a notice, a form.
ALTER TABLE copies RENAME TO telegram_messages;
DROP INDEX copies_by_message;
DROP INDEX copies_by_item;
CREATE INDEX telegram_messages_by_message ON telegram_messages (message_id, chat_id);
CREATE INDEX telegram_messages_by_item ON telegram_messages (inbox_item_id) WHERE inbox_item_id IS NOT NULL;
-- Where several messages left as one: the older ones; its row in `telegram_messages` stands for the newest.
ALTER TABLE merged_lines RENAME TO merged_messages;
DROP INDEX merged_lines_by_message;
CREATE INDEX merged_messages_by_message ON merged_messages (message_id);
