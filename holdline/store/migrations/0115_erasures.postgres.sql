-- History is never rewritten, but for the words of a customer who is being erased.
CREATE OR REPLACE FUNCTION history_is_never_rewritten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND EXISTS (
        SELECT 1 FROM erasures e WHERE e.customer_id = OLD.customer_id AND e.state = 'values'
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'history is never rewritten';
END $$;
