-- Lines of one customer that leave in one call: the item whose call it is names itself, the others wait under its number.
ALTER TABLE outbox ADD COLUMN merged_into BIGINT;
CREATE INDEX outbox_merged ON outbox (merged_into) WHERE merged_into IS NOT NULL;
-- The older lines of such a message at Telegram; its row in `copies` stands for the newest one.
CREATE TABLE merged_lines (
    bot_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    tg_message_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    PRIMARY KEY (bot_id, chat_id, tg_message_id, message_id)
);
CREATE INDEX merged_lines_by_message ON merged_lines (message_id);
