-- What is open is little beside what is closed: lists of work find it without reading a million closed dialogs.
CREATE INDEX dialogs_open ON dialogs (bot_id, stage_id, id) WHERE state <> 'closed';
-- One person's dialogs, or nobody's, as they stand in a list.
CREATE INDEX dialogs_of_assignee ON dialogs (assignee_id, id);
-- The dialogs with one tag.
CREATE INDEX dialog_labels_by_value ON dialog_labels (list_id, dialog_id);
