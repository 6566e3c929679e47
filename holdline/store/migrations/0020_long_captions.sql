-- A caption of somebody with Premium was one operation, which Telegram refused. What waits forgets its count of parts,
-- so that the rest is added when the first part has arrived.
UPDATE outbox SET payload_json = REPLACE(payload_json, '"parts"', '"parts_before"')
WHERE status IN ('queued', 'sending', 'parked') AND kind IN ('message', 'mirror', 'inbox_card')
  AND message_id IN (SELECT id FROM messages WHERE LENGTH(text) > 512
                     AND kind IN ('photo', 'video', 'animation', 'audio', 'voice', 'document'));
