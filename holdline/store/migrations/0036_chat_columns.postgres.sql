DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'chats_recent_json_not_null') THEN
        ALTER TABLE chats RENAME CONSTRAINT chats_recent_json_not_null TO chats_recent_operations_json_not_null;
    END IF;
END $$;
