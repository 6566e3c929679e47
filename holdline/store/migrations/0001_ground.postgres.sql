-- History only grows: the database itself refuses to change a line of it.
CREATE FUNCTION history_is_never_rewritten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is never rewritten';
END $$;
CREATE TRIGGER history_no_change BEFORE UPDATE OR DELETE ON history
    FOR EACH ROW EXECUTE FUNCTION history_is_never_rewritten();
CREATE FUNCTION admin_log_is_never_rewritten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the admin log is never rewritten';
END $$;
CREATE TRIGGER admin_log_no_change BEFORE UPDATE OR DELETE ON admin_log
    FOR EACH ROW EXECUTE FUNCTION admin_log_is_never_rewritten();

-- folded(text): how the search compares, for every alphabet. SQLite gets the same function from store/folding.py.
-- LOWER alone follows the database's locale and may know ASCII only, so a collation that knows Unicode is picked.
DO $$
DECLARE
    picked TEXT;
BEGIN
    SELECT ' COLLATE ' || quote_ident(collname) INTO picked FROM pg_collation
    WHERE collname IN ('pg_unicode_fast', 'pg_c_utf8', 'und-x-icu', 'C.utf8', 'en_US.utf8')
      AND collencoding IN (-1, (SELECT encoding FROM pg_database WHERE datname = current_database()))
    ORDER BY array_position(ARRAY['pg_unicode_fast', 'pg_c_utf8', 'und-x-icu', 'C.utf8', 'en_US.utf8'],
                            collname::TEXT)
    LIMIT 1;
    EXECUTE 'CREATE FUNCTION folded(said TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS '
        || quote_literal('SELECT translate(lower(said' || COALESCE(picked, '') || '), ''ё'', ''е'')');
END $$;
