-- What a desk says of a dialog besides its title: team, queue, root causes, fields of its own, how it ended.
CREATE TABLE teams (
    id @ID,
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    routing TEXT NOT NULL DEFAULT 'manual' CHECK (routing IN ('manual', 'round_robin', 'least_loaded')),
    capacity INTEGER,
    deleted_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX teams_by_name ON teams (bot_id, name) WHERE deleted_at IS NULL;
CREATE TABLE team_members (
    team_id BIGINT NOT NULL REFERENCES teams (id),
    manager_id BIGINT NOT NULL REFERENCES managers (id),
    added_at BIGINT NOT NULL,
    PRIMARY KEY (team_id, manager_id)
);
CREATE INDEX team_members_by_manager ON team_members (manager_id);

ALTER TABLE dialogs ADD COLUMN team_id BIGINT REFERENCES teams (id);
ALTER TABLE dialogs ADD COLUMN channel TEXT NOT NULL DEFAULT 'telegram';
ALTER TABLE dialogs ADD COLUMN outcome TEXT CHECK (outcome IN ('success', 'failure'));
ALTER TABLE dialogs ADD COLUMN sla_policy_id BIGINT;
ALTER TABLE dialogs ADD COLUMN attachment_count INTEGER NOT NULL DEFAULT 0;
-- Values of the desk's own fields: the field's id as text → its value.
ALTER TABLE dialogs ADD COLUMN fields_json TEXT NOT NULL DEFAULT '{}';
-- Who put the label there: manager, rule or model.
ALTER TABLE dialog_labels ADD COLUMN source TEXT NOT NULL DEFAULT 'manager';
ALTER TABLE inbox_items ADD COLUMN assignee_id BIGINT REFERENCES managers (id);
ALTER TABLE inbox_items ADD COLUMN team_id BIGINT REFERENCES teams (id);

-- The cause that was named at a close is one of the dialog's root causes.
INSERT INTO dialog_labels (dialog_id, list_id)
SELECT id, root_cause_id FROM dialogs WHERE root_cause_id IS NOT NULL
ON CONFLICT DO NOTHING;

CREATE INDEX dialogs_by_due ON dialogs (bot_id, due_at) WHERE due_at IS NOT NULL AND state <> 'closed';
CREATE INDEX dialogs_by_team ON dialogs (team_id, state) WHERE team_id IS NOT NULL;
