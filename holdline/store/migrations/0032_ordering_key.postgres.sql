-- PostgreSQL 18 gives a name to NOT NULL as well.
DO $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'inbox_lane_not_null' AND conrelid = 'inbox'::regclass) THEN
        ALTER TABLE inbox RENAME CONSTRAINT inbox_lane_not_null TO inbox_ordering_key_not_null;
    END IF;
END $$;
