-- PostgreSQL 18 gives a name to NOT NULL as well.
DO $$
DECLARE
    part RECORD;
BEGIN
    FOR part IN SELECT c.conrelid::regclass AS on_table, c.conname, r.new_name
                FROM (VALUES ('managers_language_assumed_not_null', 'managers_language_is_default_not_null'),
                             ('tasks_started_told_not_null', 'tasks_start_announced_not_null'),
                             ('leases_until_at_not_null', 'leases_expires_at_not_null')) AS r (old_name, new_name)
                JOIN pg_constraint c ON c.conname = r.old_name LOOP
        EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', part.on_table, part.conname, part.new_name);
    END LOOP;
END $$;
