-- What the desk wants done by itself: on which event, under which conditions, in which steps.
CREATE TABLE desk_rules (
    id @ID,
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    trigger_name TEXT NOT NULL,
    conditions_json TEXT NOT NULL DEFAULT '{}',
    steps_json TEXT NOT NULL DEFAULT '[]',
    active INTEGER NOT NULL DEFAULT 1,
    deleted_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX desk_rules_by_name ON desk_rules (bot_id, name) WHERE deleted_at IS NULL;

-- A customer who wrote and has no answer yet: when a rule for silence is due.
CREATE TABLE rule_waits (
    rule_id BIGINT NOT NULL REFERENCES desk_rules (id),
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    bot_id BIGINT NOT NULL,
    dialog_id BIGINT REFERENCES dialogs (id),
    due_at BIGINT NOT NULL,
    PRIMARY KEY (rule_id, customer_id)
);
CREATE INDEX rule_waits_by_due ON rule_waits (bot_id, due_at);
CREATE INDEX rule_waits_by_customer ON rule_waits (customer_id);
