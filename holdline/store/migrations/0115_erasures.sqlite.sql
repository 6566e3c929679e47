-- History is never rewritten, but for the words of a customer who is being erased.
DROP TRIGGER history_no_update;
CREATE TRIGGER history_no_update BEFORE UPDATE ON history
    WHEN NOT EXISTS (SELECT 1 FROM erasures e WHERE e.customer_id = OLD.customer_id AND e.state = 'values') BEGIN
    SELECT RAISE(ABORT, 'history is never rewritten');
END;
