-- Columns that say what they hold.
ALTER TABLE managers RENAME COLUMN language_assumed TO language_is_default;
ALTER TABLE tasks RENAME COLUMN started_told TO start_announced;
ALTER TABLE places RENAME COLUMN card_tg_id TO card_tg_message_id;
ALTER TABLE messages RENAME COLUMN chosen TO dialog_chosen;
ALTER TABLE leases RENAME COLUMN until_at TO expires_at;
ALTER TABLE leases RENAME COLUMN flood_chat TO flood_chat_id;
ALTER TABLE outbox RENAME COLUMN about_customer TO about_customer_id;
