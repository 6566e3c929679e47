-- A chat says what it holds: the item on the wire, its last operations, why nothing may be sent, and where it is now.
ALTER TABLE chats RENAME COLUMN in_flight TO in_flight_id;
ALTER TABLE chats RENAME COLUMN recent_json TO recent_operations_json;
ALTER TABLE chats RENAME COLUMN stopped TO stop_reason;
ALTER TABLE chats RENAME COLUMN doubted TO doubt_reason;
ALTER TABLE chats RENAME COLUMN moved_to TO moved_to_chat_id;
