DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'inbox_items_messages_not_null') THEN
        ALTER TABLE inbox_items RENAME CONSTRAINT inbox_items_messages_not_null TO inbox_items_message_count_not_null;
        ALTER TABLE admin_log RENAME CONSTRAINT admin_log_what_not_null TO admin_log_change_not_null;
    END IF;
END $$;
