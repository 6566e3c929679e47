ALTER SEQUENCE surveys_id_seq RENAME TO ratings_id_seq;
DO $$
DECLARE
    old TEXT;
BEGIN
    FOR old IN SELECT conname FROM pg_constraint WHERE conrelid = 'ratings'::regclass AND conname LIKE 'surveys%' LOOP
        EXECUTE format('ALTER TABLE ratings RENAME CONSTRAINT %I TO %I', old, replace(old, 'surveys', 'ratings'));
    END LOOP;
END $$;
