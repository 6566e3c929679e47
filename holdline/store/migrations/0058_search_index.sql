-- The words by which the search finds things: kept by triggers, so that no unit forgets them. What was there before
-- is filled in afterwards, a piece at a time, from the newest down: `until_id` is the newest that is still missing.
CREATE TABLE search_backlog (source TEXT PRIMARY KEY, until_id BIGINT NOT NULL);
INSERT INTO search_backlog SELECT 'customers', newest FROM (SELECT MAX(id) AS newest FROM customers) AS filled WHERE newest IS NOT NULL;
INSERT INTO search_backlog SELECT 'dialogs', newest FROM (SELECT MAX(id) AS newest FROM dialogs) AS filled WHERE newest IS NOT NULL;
INSERT INTO search_backlog SELECT 'messages', newest FROM (SELECT MAX(id) AS newest FROM messages) AS filled WHERE newest IS NOT NULL;
INSERT INTO search_backlog SELECT 'notes', newest FROM (SELECT MAX(id) AS newest FROM notes) AS filled WHERE newest IS NOT NULL;
INSERT INTO search_backlog SELECT 'attachments', newest FROM (SELECT MAX(id) AS newest FROM attachments) AS filled WHERE newest IS NOT NULL;
CREATE INDEX dialog_labels_by_list ON dialog_labels (list_id, dialog_id);
