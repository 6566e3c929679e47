-- An item of a group was refused in words that nobody knows, and nothing has gone through there since: the words.
-- What comes next tells whether it was the item or the group.
ALTER TABLE lanes ADD COLUMN doubted TEXT;
