-- The erasure of a customer: a job that any process takes up again after a crash.
CREATE TABLE erasures (
    id @ID,
    bot_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    -- Of bot and Telegram id, with the key of the erasure list; empty until the list holds it.
    person_hash TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL DEFAULT 'asked'
        CHECK (state IN ('asked', 'listed', 'copies', 'values', 'search', 'scrub', 'done')),
    keeps_copies INTEGER NOT NULL DEFAULT 0,
    actor_kind TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    actor_id BIGINT,
    actor_telegram_id BIGINT,
    -- What is looked for: the person's values, gone when the job is done.
    values_json TEXT,
    table_position INTEGER NOT NULL DEFAULT 0,
    after_id BIGINT NOT NULL DEFAULT 0,
    figures_json TEXT NOT NULL DEFAULT '{}',
    copies_until_at BIGINT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX erasures_running ON erasures (bot_id, customer_id) WHERE ended_at IS NULL;
CREATE INDEX erasures_by_customer ON erasures (customer_id);
CREATE INDEX erasures_by_person ON erasures (bot_id, person_hash);
