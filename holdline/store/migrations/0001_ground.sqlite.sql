-- History only grows: the database itself refuses to change a line of it.
CREATE TRIGGER history_no_update BEFORE UPDATE ON history BEGIN
    SELECT RAISE(ABORT, 'history is never rewritten');
END;
CREATE TRIGGER history_no_delete BEFORE DELETE ON history BEGIN
    SELECT RAISE(ABORT, 'history is never rewritten');
END;
CREATE TRIGGER admin_log_no_update BEFORE UPDATE ON admin_log BEGIN
    SELECT RAISE(ABORT, 'the admin log is never rewritten');
END;
CREATE TRIGGER admin_log_no_delete BEFORE DELETE ON admin_log BEGIN
    SELECT RAISE(ABORT, 'the admin log is never rewritten');
END;
