-- FTS5 knows letter case and the marks of Latin letters; ł and ё it does not.
CREATE VIEW searched_customers AS SELECT t.id, replace(replace(replace(replace(
        t.name || ' ' || COALESCE(t.username, ''),
        'ł', 'l'), 'Ł', 'L'), 'ё', 'е'), 'Ё', 'Е') AS words
    FROM customers t;
CREATE VIRTUAL TABLE search_customers USING fts5
    (words, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
CREATE TRIGGER search_customers_added AFTER INSERT ON customers BEGIN
    INSERT INTO search_customers (rowid, words) SELECT id, words FROM searched_customers WHERE id = NEW.id;
END;
CREATE TRIGGER search_customers_changed AFTER UPDATE OF name, username ON customers
    WHEN NEW.name <> OLD.name OR COALESCE(NEW.username, '') <> COALESCE(OLD.username, '') BEGIN
    DELETE FROM search_customers WHERE rowid = NEW.id;
    INSERT INTO search_customers (rowid, words) SELECT id, words FROM searched_customers WHERE id = NEW.id;
END;
CREATE TRIGGER search_customers_removed AFTER DELETE ON customers BEGIN
    DELETE FROM search_customers WHERE rowid = OLD.id;
END;

CREATE VIEW searched_dialogs AS SELECT t.id, replace(replace(replace(replace(
        t.title || ' ' || t.description || ' ' || COALESCE((SELECT group_concat(value, ' ') FROM json_each(t.fields_json)), ''),
        'ł', 'l'), 'Ł', 'L'), 'ё', 'е'), 'Ё', 'Е') AS words
    FROM dialogs t;
CREATE VIRTUAL TABLE search_dialogs USING fts5
    (words, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
CREATE TRIGGER search_dialogs_added AFTER INSERT ON dialogs BEGIN
    INSERT INTO search_dialogs (rowid, words) SELECT id, words FROM searched_dialogs WHERE id = NEW.id;
END;
CREATE TRIGGER search_dialogs_changed AFTER UPDATE OF title, description, fields_json ON dialogs BEGIN
    DELETE FROM search_dialogs WHERE rowid = NEW.id;
    INSERT INTO search_dialogs (rowid, words) SELECT id, words FROM searched_dialogs WHERE id = NEW.id;
END;
CREATE TRIGGER search_dialogs_removed AFTER DELETE ON dialogs BEGIN
    DELETE FROM search_dialogs WHERE rowid = OLD.id;
END;

CREATE VIEW searched_messages AS SELECT t.id, replace(replace(replace(replace(
        t.text || ' ' || COALESCE(CASE WHEN t.data_json LIKE '%"file_name"%' THEN json_extract(t.data_json, '$.file_name') END, ''),
        'ł', 'l'), 'Ł', 'L'), 'ё', 'е'), 'Ё', 'Е') AS words
    FROM messages t WHERE t.class IN ('customer', 'manager');
CREATE VIRTUAL TABLE search_messages USING fts5
    (words, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
CREATE TRIGGER search_messages_added AFTER INSERT ON messages BEGIN
    INSERT INTO search_messages (rowid, words) SELECT id, words FROM searched_messages WHERE id = NEW.id;
END;
CREATE TRIGGER search_messages_changed AFTER UPDATE OF text, data_json ON messages BEGIN
    DELETE FROM search_messages WHERE rowid = NEW.id;
    INSERT INTO search_messages (rowid, words) SELECT id, words FROM searched_messages WHERE id = NEW.id;
END;
CREATE TRIGGER search_messages_removed AFTER DELETE ON messages BEGIN
    DELETE FROM search_messages WHERE rowid = OLD.id;
END;

CREATE VIEW searched_notes AS SELECT t.id, replace(replace(replace(replace(
        t.text || ' ' || COALESCE(CASE WHEN t.data_json LIKE '%"file_name"%' THEN json_extract(t.data_json, '$.file_name') END, ''),
        'ł', 'l'), 'Ł', 'L'), 'ё', 'е'), 'Ё', 'Е') AS words
    FROM notes t;
CREATE VIRTUAL TABLE search_notes USING fts5
    (words, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
CREATE TRIGGER search_notes_added AFTER INSERT ON notes BEGIN
    INSERT INTO search_notes (rowid, words) SELECT id, words FROM searched_notes WHERE id = NEW.id;
END;
CREATE TRIGGER search_notes_changed AFTER UPDATE OF text, data_json ON notes BEGIN
    DELETE FROM search_notes WHERE rowid = NEW.id;
    INSERT INTO search_notes (rowid, words) SELECT id, words FROM searched_notes WHERE id = NEW.id;
END;
CREATE TRIGGER search_notes_removed AFTER DELETE ON notes BEGIN
    DELETE FROM search_notes WHERE rowid = OLD.id;
END;

CREATE VIEW searched_attachments AS SELECT t.id, replace(replace(replace(replace(
        t.name,
        'ł', 'l'), 'Ł', 'L'), 'ё', 'е'), 'Ё', 'Е') AS words
    FROM attachments t;
CREATE VIRTUAL TABLE search_attachments USING fts5
    (words, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
CREATE TRIGGER search_attachments_added AFTER INSERT ON attachments BEGIN
    INSERT INTO search_attachments (rowid, words) SELECT id, words FROM searched_attachments WHERE id = NEW.id;
END;
CREATE TRIGGER search_attachments_changed AFTER UPDATE OF name ON attachments BEGIN
    DELETE FROM search_attachments WHERE rowid = NEW.id;
    INSERT INTO search_attachments (rowid, words) SELECT id, words FROM searched_attachments WHERE id = NEW.id;
END;
CREATE TRIGGER search_attachments_removed AFTER DELETE ON attachments BEGIN
    DELETE FROM search_attachments WHERE rowid = OLD.id;
END;

