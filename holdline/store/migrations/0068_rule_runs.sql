-- The order in which rules act, which people may change, and each time that one has acted.
ALTER TABLE desk_rules ADD COLUMN position BIGINT NOT NULL DEFAULT 0;
UPDATE desk_rules SET position = id;

CREATE TABLE rule_runs (
    id @ID,
    bot_id BIGINT NOT NULL,
    rule_id BIGINT NOT NULL REFERENCES desk_rules (id),
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    dialog_id BIGINT REFERENCES dialogs (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX rule_runs_by_rule ON rule_runs (bot_id, rule_id, created_at);
