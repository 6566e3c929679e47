-- When the topic gets, or got, its latest name: the next one keeps its distance.
ALTER TABLE places ADD COLUMN named_at BIGINT;
