DO $$
DECLARE
    part RECORD;
BEGIN
    FOR part IN SELECT conrelid::regclass AS on_table, conname FROM pg_constraint
                WHERE conrelid IN ('telegram_messages'::regclass, 'merged_messages'::regclass)
                AND (conname LIKE 'copies%' OR conname LIKE 'merged_lines%') LOOP
        EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', part.on_table, part.conname,
                       replace(replace(part.conname, 'copies', 'telegram_messages'), 'merged_lines', 'merged_messages'));
    END LOOP;
END $$;
