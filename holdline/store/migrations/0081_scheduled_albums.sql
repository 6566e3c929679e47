-- The other parts of the album that is said later; content_json is the one with the words.
ALTER TABLE scheduled_replies ADD COLUMN parts_json TEXT NOT NULL DEFAULT '[]';
