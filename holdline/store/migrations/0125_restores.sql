-- A database that was restored from a backup, from the first start on it until somebody has decided about everything
-- that waited in it. `backup_at` is when the backup was made, as far as its own rows tell.
CREATE TABLE restores (
    id @ID,
    bot_id BIGINT NOT NULL,
    backup_at BIGINT NOT NULL,
    restored_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX restores_on_hold ON restores (bot_id) WHERE ended_at IS NULL;

-- What waited in it: it is neither sent nor continued while it stands here. An outbox row has been put off to the far
-- future meanwhile, and gets `due_at` and `waits_for` back. Rows with a verdict are being released or discarded.
CREATE TABLE restored_work (
    bot_id BIGINT NOT NULL,
    source TEXT NOT NULL,
    row_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    due_at BIGINT,
    waits_for TEXT,
    verdict TEXT CHECK (verdict IN ('release', 'discard')),
    PRIMARY KEY (source, row_id)
);
CREATE INDEX restored_work_by_kind ON restored_work (bot_id, kind, row_id);
