-- A person of the desk who was spoken to in the desk's language only because nobody knew theirs: it becomes that of
-- their Telegram when they first write.
ALTER TABLE managers ADD COLUMN language_assumed INTEGER NOT NULL DEFAULT 0;
UPDATE managers SET language_assumed = 1 WHERE name = 'Administrator' AND username IS NULL;
