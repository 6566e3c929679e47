-- Who reads it: the customer or the desk. Rows from before are told apart by the chat of the customer they are about.
ALTER TABLE outbox ADD COLUMN audience TEXT NOT NULL DEFAULT 'desk' CHECK (audience IN ('customer', 'desk'));
ALTER TABLE copies ADD COLUMN audience TEXT NOT NULL DEFAULT 'desk' CHECK (audience IN ('customer', 'desk'));

UPDATE outbox SET audience = 'customer'
WHERE class <> 'desk' AND kind NOT IN ('edit_copy', 'delete_copy', 'reaction');

UPDATE outbox SET audience = 'customer'
WHERE kind IN ('edit_copy', 'delete_copy', 'reaction') AND place_id IS NULL
AND EXISTS (SELECT 1 FROM messages m JOIN customers c ON c.id = m.customer_id
            WHERE m.id = outbox.message_id AND c.telegram_id = outbox.chat_id);

UPDATE copies SET audience = 'customer'
WHERE place_id IS NULL
AND EXISTS (SELECT 1 FROM customers c WHERE c.id = copies.customer_id AND c.telegram_id = copies.chat_id);
