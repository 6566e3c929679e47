DO $$
DECLARE
    part RECORD;
BEGIN
    FOR part IN SELECT conrelid::regclass AS on_table, conname FROM pg_constraint
                WHERE conrelid IN ('outbox'::regclass, 'waiting_chats'::regclass) AND conname LIKE '%lane%' LOOP
        EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I',
                       part.on_table, part.conname, replace(part.conname, 'lane', 'stream'));
    END LOOP;
END $$;
