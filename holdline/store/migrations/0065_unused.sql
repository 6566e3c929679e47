-- What is due is found by dialogs_to_notice and dialogs_in_due_order; and progress is shown in a chat, not in a topic.
DROP INDEX dialogs_by_due;
ALTER TABLE bulk_jobs DROP COLUMN thread_id;
