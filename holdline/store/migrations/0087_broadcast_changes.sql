-- What was sent is changed or taken back afterwards, one recipient after another in the background.
ALTER TABLE broadcasts ADD COLUMN change_kind TEXT CHECK (change_kind IN ('edit', 'delete'));
ALTER TABLE broadcasts ADD COLUMN changed_until_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE broadcasts ADD COLUMN changes_done BIGINT NOT NULL DEFAULT 0;
CREATE INDEX broadcasts_changing ON broadcasts (bot_id, id) WHERE change_kind IS NOT NULL;
