-- Whose turn it is in a team, and which dialogs wait in it for somebody to be free.
ALTER TABLE team_members ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
-- The number of the last dialog that was given to them: the lowest is next.
ALTER TABLE team_members ADD COLUMN last_turn BIGINT NOT NULL DEFAULT 0;
ALTER TABLE dialogs ADD COLUMN team_waits_at BIGINT;
CREATE INDEX dialogs_waiting_in_team ON dialogs (team_id, team_waits_at, id)
    WHERE team_waits_at IS NOT NULL AND assignee_id IS NULL AND state <> 'closed';
