-- Due dates that are noticed, pauses with an end, working calendars and the clocks of service level agreements.
ALTER TABLE dialogs ADD COLUMN overdue_noticed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE dialogs ADD COLUMN paused_until_at BIGINT;
-- Whether a person named the policy; else it follows type, priority and queue.
ALTER TABLE dialogs ADD COLUMN sla_policy_named INTEGER NOT NULL DEFAULT 0;
ALTER TABLE managers ADD COLUMN time_zone TEXT;
CREATE INDEX dialogs_to_notice ON dialogs (bot_id, due_at)
    WHERE due_at IS NOT NULL AND state <> 'closed' AND overdue_noticed = 0;
CREATE INDEX dialogs_to_resume ON dialogs (bot_id, paused_until_at) WHERE paused_until_at IS NOT NULL;

CREATE TABLE calendars (
    id @ID,
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    timezone TEXT NOT NULL,
    hours_json TEXT NOT NULL,
    holidays_json TEXT NOT NULL DEFAULT '[]',
    deleted_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX calendars_by_name ON calendars (bot_id, name) WHERE deleted_at IS NULL;

CREATE TABLE sla_policies (
    id @ID,
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    -- What a dialog must be like: type, priority, queue.
    conditions_json TEXT NOT NULL DEFAULT '{}',
    first_response TEXT,
    next_response TEXT,
    resolution TEXT,
    calendar_id BIGINT REFERENCES calendars (id),
    position BIGINT NOT NULL,
    deleted_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX sla_policies_by_name ON sla_policies (bot_id, name) WHERE deleted_at IS NULL;

CREATE TABLE sla_clocks (
    id @ID,
    bot_id BIGINT NOT NULL,
    dialog_id BIGINT NOT NULL REFERENCES dialogs (id),
    policy_id BIGINT NOT NULL REFERENCES sla_policies (id),
    name TEXT NOT NULL CHECK (name IN ('first_response', 'next_response', 'resolution')),
    state TEXT NOT NULL CHECK (state IN ('running', 'frozen', 'met', 'breached')),
    started_at BIGINT NOT NULL,
    -- Since when it counts; what it had counted before that, in microseconds of the calendar.
    counts_from_at BIGINT NOT NULL,
    spent BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,
    -- When colleagues are warned; NULL once they were.
    warn_at BIGINT,
    -- When what it waited for happened, in time or late.
    stopped_at BIGINT
);
CREATE INDEX sla_clocks_by_dialog ON sla_clocks (dialog_id, id);
CREATE INDEX sla_clocks_by_policy ON sla_clocks (policy_id, id) WHERE stopped_at IS NULL;
CREATE INDEX sla_clocks_by_due ON sla_clocks (bot_id, due_at) WHERE state = 'running';
CREATE INDEX sla_clocks_by_warning ON sla_clocks (bot_id, warn_at) WHERE state = 'running' AND warn_at IS NOT NULL;
