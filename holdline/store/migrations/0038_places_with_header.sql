-- Where no topic can be had, every message has a header that names its dialog.
-- A new column on both engines alike: rows of one statement have their columns in one order.
ALTER TABLE places RENAME COLUMN mode TO former_mode;
ALTER TABLE places ADD COLUMN mode TEXT NOT NULL DEFAULT 'topic' CHECK (mode IN ('topic', 'with_header'));
UPDATE places SET mode = 'with_header' WHERE former_mode = 'headed';
ALTER TABLE places DROP COLUMN former_mode;
