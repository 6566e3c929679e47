-- As FTS5 does it: words, compared without letter case and without the marks of Latin letters.
CREATE FUNCTION unmarked(said TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
    SELECT translate(folded(said), 'àáâãäåçèéêëìíîïñòóôõöøùúûüýÿāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįıĵķĺļľłńņňōŏőŕŗřśŝşšţťŧũūŭůűųŵŷźżž', 'aaaaaaceeeeiiiinoooooouuuuyyaaaccccddeeeeegggghhiiiiijkllllnnnooorrrsssstttuuuuuuwyzzz')
$$;
CREATE FUNCTION search_words(said TEXT) RETURNS TSVECTOR LANGUAGE sql IMMUTABLE AS $$
    SELECT array_to_tsvector(ARRAY(
        SELECT DISTINCT left(word, 64)
        FROM regexp_split_to_table(unmarked(left(said, 20000)), '[\s!-/:-@\[-`{-~«»„“”‘’‚–—…№¿¡•·\u2600-\u27BF\uFE0F\U0001F000-\U0001FAFF]+') AS word
        WHERE word <> ''))
$$;
-- `anna* inv*`, as FTS5 takes it: every word begins one of those that are kept.
CREATE FUNCTION search_prefixes(wanted TEXT) RETURNS TSQUERY LANGUAGE sql IMMUTABLE AS $$
    SELECT CAST('''' || replace(rtrim(unmarked(wanted), '*'), '* ', ''':* & ''') || ''':*' AS TSQUERY)
$$;
-- What stands in JSON; signs that PostgreSQL cannot read there are no reason to refuse a message.
CREATE FUNCTION search_file_name(document TEXT) RETURNS TEXT LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF document NOT LIKE '%"file_name"%' THEN
        RETURN NULL;
    END IF;
    RETURN CAST(document AS JSON) ->> 'file_name';
EXCEPTION WHEN data_exception THEN
    RETURN NULL;
END $$;
CREATE FUNCTION search_values(document TEXT) RETURNS TEXT LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF document = '{}' THEN
        RETURN '';
    END IF;
    RETURN (SELECT COALESCE(string_agg(value, ' '), '') FROM json_each_text(CAST(document AS JSON)));
EXCEPTION WHEN data_exception THEN
    RETURN '';
END $$;

-- The functions search_… look through the newest rows first: what is said often is found there at once. What is said
-- seldom comes from the index; without MATERIALIZED PostgreSQL may read the table from its end instead, for seconds.
CREATE VIEW searched_customers AS SELECT t.id, search_words(t.name || ' ' || COALESCE(t.username, '')) AS words
    FROM customers t;
CREATE TABLE search_customers (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL);
CREATE INDEX search_customers_words ON search_customers USING GIN (words);
CREATE FUNCTION search_customers(wanted TEXT) RETURNS TABLE (rowid BIGINT) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    asked TSQUERY := search_prefixes(wanted);
    newest BIGINT := (SELECT MAX(s.rowid) - 5000 FROM search_customers s);
    hits INTEGER;
BEGIN
    RETURN QUERY SELECT s.rowid FROM search_customers s WHERE s.rowid > newest AND s.words @@ asked;
    GET DIAGNOSTICS hits = ROW_COUNT;
    IF hits < 200 THEN
        RETURN QUERY
            WITH older AS MATERIALIZED (SELECT s.rowid FROM search_customers s WHERE s.words @@ asked)
            SELECT o.rowid FROM older o WHERE o.rowid <= newest ORDER BY o.rowid DESC LIMIT 500;
    END IF;
END $$;
CREATE FUNCTION keep_search_customers() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM search_customers s WHERE s.rowid = OLD.id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO search_customers (rowid, words) SELECT id, words FROM searched_customers WHERE id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_customers_added AFTER INSERT OR DELETE ON customers
    FOR EACH ROW EXECUTE FUNCTION keep_search_customers();
CREATE TRIGGER search_customers_changed AFTER UPDATE OF name, username ON customers
    FOR EACH ROW WHEN (NEW.name <> OLD.name OR COALESCE(NEW.username, '') <> COALESCE(OLD.username, '')) EXECUTE FUNCTION keep_search_customers();

CREATE VIEW searched_dialogs AS SELECT t.id, search_words(t.title || ' ' || t.description || ' ' || search_values(t.fields_json)) AS words
    FROM dialogs t;
CREATE TABLE search_dialogs (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL);
CREATE INDEX search_dialogs_words ON search_dialogs USING GIN (words);
CREATE FUNCTION search_dialogs(wanted TEXT) RETURNS TABLE (rowid BIGINT) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    asked TSQUERY := search_prefixes(wanted);
    newest BIGINT := (SELECT MAX(s.rowid) - 5000 FROM search_dialogs s);
    hits INTEGER;
BEGIN
    RETURN QUERY SELECT s.rowid FROM search_dialogs s WHERE s.rowid > newest AND s.words @@ asked;
    GET DIAGNOSTICS hits = ROW_COUNT;
    IF hits < 200 THEN
        RETURN QUERY
            WITH older AS MATERIALIZED (SELECT s.rowid FROM search_dialogs s WHERE s.words @@ asked)
            SELECT o.rowid FROM older o WHERE o.rowid <= newest ORDER BY o.rowid DESC LIMIT 500;
    END IF;
END $$;
CREATE FUNCTION keep_search_dialogs() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM search_dialogs s WHERE s.rowid = OLD.id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO search_dialogs (rowid, words) SELECT id, words FROM searched_dialogs WHERE id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_dialogs_added AFTER INSERT OR DELETE ON dialogs
    FOR EACH ROW EXECUTE FUNCTION keep_search_dialogs();
CREATE TRIGGER search_dialogs_changed AFTER UPDATE OF title, description, fields_json ON dialogs
    FOR EACH ROW EXECUTE FUNCTION keep_search_dialogs();

CREATE VIEW searched_messages AS SELECT t.id, search_words(t.text || ' ' || COALESCE(search_file_name(t.data_json), '')) AS words
    FROM messages t WHERE t.class IN ('customer', 'manager');
CREATE TABLE search_messages (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL);
CREATE INDEX search_messages_words ON search_messages USING GIN (words);
CREATE FUNCTION search_messages(wanted TEXT) RETURNS TABLE (rowid BIGINT) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    asked TSQUERY := search_prefixes(wanted);
    newest BIGINT := (SELECT MAX(s.rowid) - 5000 FROM search_messages s);
    hits INTEGER;
BEGIN
    RETURN QUERY SELECT s.rowid FROM search_messages s WHERE s.rowid > newest AND s.words @@ asked;
    GET DIAGNOSTICS hits = ROW_COUNT;
    IF hits < 200 THEN
        RETURN QUERY
            WITH older AS MATERIALIZED (SELECT s.rowid FROM search_messages s WHERE s.words @@ asked)
            SELECT o.rowid FROM older o WHERE o.rowid <= newest ORDER BY o.rowid DESC LIMIT 500;
    END IF;
END $$;
CREATE FUNCTION keep_search_messages() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM search_messages s WHERE s.rowid = OLD.id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO search_messages (rowid, words) SELECT id, words FROM searched_messages WHERE id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_messages_added AFTER INSERT OR DELETE ON messages
    FOR EACH ROW EXECUTE FUNCTION keep_search_messages();
CREATE TRIGGER search_messages_changed AFTER UPDATE OF text, data_json ON messages
    FOR EACH ROW EXECUTE FUNCTION keep_search_messages();

CREATE VIEW searched_notes AS SELECT t.id, search_words(t.text || ' ' || COALESCE(search_file_name(t.data_json), '')) AS words
    FROM notes t;
CREATE TABLE search_notes (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL);
CREATE INDEX search_notes_words ON search_notes USING GIN (words);
CREATE FUNCTION search_notes(wanted TEXT) RETURNS TABLE (rowid BIGINT) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    asked TSQUERY := search_prefixes(wanted);
    newest BIGINT := (SELECT MAX(s.rowid) - 5000 FROM search_notes s);
    hits INTEGER;
BEGIN
    RETURN QUERY SELECT s.rowid FROM search_notes s WHERE s.rowid > newest AND s.words @@ asked;
    GET DIAGNOSTICS hits = ROW_COUNT;
    IF hits < 200 THEN
        RETURN QUERY
            WITH older AS MATERIALIZED (SELECT s.rowid FROM search_notes s WHERE s.words @@ asked)
            SELECT o.rowid FROM older o WHERE o.rowid <= newest ORDER BY o.rowid DESC LIMIT 500;
    END IF;
END $$;
CREATE FUNCTION keep_search_notes() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM search_notes s WHERE s.rowid = OLD.id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO search_notes (rowid, words) SELECT id, words FROM searched_notes WHERE id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_notes_added AFTER INSERT OR DELETE ON notes
    FOR EACH ROW EXECUTE FUNCTION keep_search_notes();
CREATE TRIGGER search_notes_changed AFTER UPDATE OF text, data_json ON notes
    FOR EACH ROW EXECUTE FUNCTION keep_search_notes();

CREATE VIEW searched_attachments AS SELECT t.id, search_words(t.name) AS words
    FROM attachments t;
CREATE TABLE search_attachments (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL);
CREATE INDEX search_attachments_words ON search_attachments USING GIN (words);
CREATE FUNCTION search_attachments(wanted TEXT) RETURNS TABLE (rowid BIGINT) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
DECLARE
    asked TSQUERY := search_prefixes(wanted);
    newest BIGINT := (SELECT MAX(s.rowid) - 5000 FROM search_attachments s);
    hits INTEGER;
BEGIN
    RETURN QUERY SELECT s.rowid FROM search_attachments s WHERE s.rowid > newest AND s.words @@ asked;
    GET DIAGNOSTICS hits = ROW_COUNT;
    IF hits < 200 THEN
        RETURN QUERY
            WITH older AS MATERIALIZED (SELECT s.rowid FROM search_attachments s WHERE s.words @@ asked)
            SELECT o.rowid FROM older o WHERE o.rowid <= newest ORDER BY o.rowid DESC LIMIT 500;
    END IF;
END $$;
CREATE FUNCTION keep_search_attachments() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM search_attachments s WHERE s.rowid = OLD.id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO search_attachments (rowid, words) SELECT id, words FROM searched_attachments WHERE id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_attachments_added AFTER INSERT OR DELETE ON attachments
    FOR EACH ROW EXECUTE FUNCTION keep_search_attachments();
CREATE TRIGGER search_attachments_changed AFTER UPDATE OF name ON attachments
    FOR EACH ROW EXECUTE FUNCTION keep_search_attachments();

