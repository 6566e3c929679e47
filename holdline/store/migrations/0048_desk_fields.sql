-- Fields that a desk adds to its dialogs; dialogs.fields_json holds the values, by the field's id as text.
CREATE TABLE desk_fields (
    id @ID,
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'number', 'date', 'choice', 'yes_no')),
    choices_json TEXT NOT NULL DEFAULT '[]',
    -- Names of the types whose dialogs cannot be closed without a value.
    required_json TEXT NOT NULL DEFAULT '[]',
    deleted_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX desk_fields_by_name ON desk_fields (bot_id, name) WHERE deleted_at IS NULL;
