-- The dialog that took up words said in the general chat: its place shows them and its transcript holds them.
ALTER TABLE messages ADD COLUMN moved_to_dialog_id BIGINT;
CREATE INDEX messages_moved_to_dialog ON messages (moved_to_dialog_id, id) WHERE moved_to_dialog_id IS NOT NULL;
CREATE INDEX inbox_items_by_customer ON inbox_items (customer_id, id);

-- What still waited although its customer has an active dialog could not be answered: that dialog takes it up.
UPDATE inbox_items SET state = 'moved', dialog_id = (
    SELECT d.id FROM dialogs d WHERE d.customer_id = inbox_items.customer_id AND d.state = 'active')
WHERE state = 'new' AND EXISTS (
    SELECT 1 FROM dialogs d WHERE d.customer_id = inbox_items.customer_id AND d.state = 'active');

UPDATE messages SET moved_to_dialog_id = (
    SELECT i.dialog_id FROM inbox_items i WHERE i.id = messages.inbox_item_id AND i.state = 'moved')
WHERE inbox_item_id IS NOT NULL;
