-- Lists of dialogs by due time (those without one last) and by their last change.
CREATE INDEX dialogs_in_due_order ON dialogs (bot_id, COALESCE(due_at, 9000000000000000), id);
CREATE INDEX dialogs_in_change_order ON dialogs (bot_id, changed_at, id);
