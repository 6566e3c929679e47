DO $$
DECLARE
    old TEXT;
BEGIN
    FOR old IN SELECT conname FROM pg_constraint WHERE conrelid = 'chats'::regclass AND conname LIKE 'lanes%' LOOP
        EXECUTE format('ALTER TABLE chats RENAME CONSTRAINT %I TO %I', old, replace(old, 'lanes', 'chats'));
    END LOOP;
END $$;
