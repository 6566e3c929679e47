-- The desk's own fields stand in an order of its choice; those that are there keep the order of their making.
ALTER TABLE desk_fields ADD COLUMN position BIGINT NOT NULL DEFAULT 0;
UPDATE desk_fields SET position = id;
-- How many dialogs have a value of a field is asked before it is deleted or made another kind.
CREATE INDEX dialogs_with_fields ON dialogs (bot_id) WHERE fields_json <> '{}';
