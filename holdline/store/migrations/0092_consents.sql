-- What customers said yes and no to, one line each time, never changed; topic NULL: all marketing.
CREATE TABLE consents (
    id @ID,
    bot_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    topic TEXT,
    given INTEGER NOT NULL,
    how TEXT NOT NULL,
    words TEXT NOT NULL DEFAULT '',
    actor_kind TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    actor_id BIGINT,
    actor_telegram_id BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX consents_of_customer ON consents (customer_id, id);

-- Topics of marketing that there have been; their ids stand in buttons, which have no room for names.
CREATE TABLE marketing_topics (
    id @ID,
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (bot_id, name)
);

-- Topics that a customer has decided about; of any other they get what comes.
CREATE TABLE customer_topics (
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    topic TEXT NOT NULL,
    wanted INTEGER NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (customer_id, topic)
);

-- From before the ledger: who had pressed Start, then who had stopped marketing, so that the newest line is what holds.
INSERT INTO consents (bot_id, customer_id, given, how, actor_kind, actor_name, actor_id, actor_telegram_id, created_at)
SELECT bot_id, id, 1, 'before', 'customer', name, id, telegram_id, started_at
FROM customers WHERE started_at IS NOT NULL ORDER BY id;

INSERT INTO consents (bot_id, customer_id, given, how, actor_kind, actor_name, actor_id, actor_telegram_id, created_at)
SELECT bot_id, id, 0, 'before', 'customer', name, id, telegram_id, opted_out_at
FROM customers WHERE opted_out_at IS NOT NULL ORDER BY id;
