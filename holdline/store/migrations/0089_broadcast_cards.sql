-- A message of ours in a chat of the desk that follows a broadcast. `said_as`: its key in the outbox.
CREATE TABLE broadcast_cards (
    id @ID,
    bot_id BIGINT NOT NULL,
    broadcast_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    said_as TEXT NOT NULL,
    shown_json TEXT,
    shown_at BIGINT NOT NULL,
    -- 1 once it shows the end of its broadcast.
    ended INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX broadcast_cards_by_key ON broadcast_cards (bot_id, said_as);
CREATE INDEX broadcast_cards_live ON broadcast_cards (bot_id, shown_at) WHERE ended = 0;
