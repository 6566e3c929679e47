-- How many messages an Inbox item has, and which change a line of the admin log tells of.
ALTER TABLE inbox_items RENAME COLUMN messages TO message_count;
ALTER TABLE admin_log RENAME COLUMN what TO change;
