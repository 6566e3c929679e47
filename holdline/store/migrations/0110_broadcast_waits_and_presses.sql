-- Who waits for the end of quiet hours or for the next day, found without reading everybody who waits.
CREATE INDEX broadcast_recipients_put_off ON broadcast_recipients (broadcast_id, due_at, waits_for)
    WHERE status = 'waiting' AND outbox_id IS NULL AND waits_for IS NOT NULL;

-- Set once the messages that were sent have been taken back.
ALTER TABLE broadcasts ADD COLUMN deleted_at BIGINT;

-- How often each button of a broadcast was pressed, and by how many customers.
CREATE TABLE broadcast_buttons (
    broadcast_id BIGINT NOT NULL,
    data TEXT NOT NULL,
    presses BIGINT NOT NULL,
    people BIGINT NOT NULL,
    PRIMARY KEY (broadcast_id, data)
);
-- Presses that were not added up yet: many customers press at once. `people`: 1 for a customer's first press.
CREATE TABLE broadcast_press_tallies (
    id @ID,
    broadcast_id BIGINT NOT NULL,
    data TEXT NOT NULL,
    people INTEGER NOT NULL
);
CREATE INDEX broadcast_press_tallies_of ON broadcast_press_tallies (broadcast_id);
INSERT INTO broadcast_buttons (broadcast_id, data, presses, people)
    SELECT o.broadcast_id, p.data, COUNT(*), COUNT(DISTINCT p.customer_id)
    FROM presses p JOIN outbox o ON o.id = p.outbox_id
    WHERE o.broadcast_id IS NOT NULL GROUP BY o.broadcast_id, p.data;
