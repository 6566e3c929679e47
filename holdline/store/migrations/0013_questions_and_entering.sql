-- When a form last asked for words: it takes a line that could be meant for a customer for some minutes only.
ALTER TABLE forms ADD COLUMN asked_at BIGINT;
-- When a manager entered their dialog: what was shown before that moment misleads nobody.
ALTER TABLE managers ADD COLUMN entered_at BIGINT;
