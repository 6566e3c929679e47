-- Whoever had left the desk before leaving ended their access: nothing more is shown to them, and nothing waits for them.
UPDATE places SET live = 0 WHERE live = 1 AND EXISTS (
    SELECT 1 FROM managers m WHERE m.bot_id = places.bot_id AND m.telegram_id = places.chat_id AND m.active = 0);

DELETE FROM dialog_participants WHERE manager_id IN (SELECT id FROM managers WHERE active = 0)
AND dialog_id IN (SELECT id FROM dialogs WHERE state <> 'closed');

UPDATE outbox SET status = 'cancelled', settled_at = due_at, error = 'its reader has left the desk'
WHERE audience = 'desk' AND status IN ('queued', 'parked') AND EXISTS (
    SELECT 1 FROM managers m WHERE m.bot_id = outbox.bot_id AND m.telegram_id = outbox.chat_id AND m.active = 0);
