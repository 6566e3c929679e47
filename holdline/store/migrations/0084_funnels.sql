-- Funnels: definitions that are never changed, each version beside the one before.
CREATE TABLE funnels (
    id @ID,
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    -- 0 while it is paused: nobody enters, and whoever is on the way stands still.
    active INTEGER NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX funnels_by_name ON funnels (bot_id, name);

CREATE TABLE funnel_versions (
    id @ID,
    funnel_id BIGINT NOT NULL REFERENCES funnels (id),
    version INTEGER NOT NULL,
    definition_json TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX funnel_versions_by_number ON funnel_versions (funnel_id, version);

-- What leads into the newest version of each funnel: a start payload, a tag, the close of a dialog.
CREATE TABLE funnel_entries (
    bot_id BIGINT NOT NULL,
    funnel_id BIGINT NOT NULL REFERENCES funnels (id),
    kind TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (funnel_id, kind, value)
);
CREATE INDEX funnel_entries_by_value ON funnel_entries (bot_id, kind, value);

-- One customer's way through one version of a funnel.
CREATE TABLE enrolments (
    id @ID,
    bot_id BIGINT NOT NULL,
    funnel_id BIGINT NOT NULL REFERENCES funnels (id),
    version_id BIGINT NOT NULL REFERENCES funnel_versions (id),
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    state TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'left')),
    -- The step that it stands at: still to be done, saying its message, or waiting for a moment, an answer, a press.
    position TEXT NOT NULL,
    phase TEXT NOT NULL DEFAULT 'begin' CHECK (phase IN ('begin', 'saying', 'waiting')),
    next_at BIGINT,
    -- Counts its messages, so that each has a key of its own.
    visit INTEGER NOT NULL DEFAULT 0,
    outbox_id BIGINT,
    -- When that message was really sent: delays count from it.
    sent_at BIGINT,
    answers_json TEXT NOT NULL DEFAULT '{}',
    -- The number of the button that was pressed while a dialog was active: it counts when the gate opens.
    kept_press INTEGER,
    goal TEXT,
    reason TEXT,
    entry TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX enrolments_running ON enrolments (funnel_id, customer_id) WHERE state = 'running';
CREATE INDEX enrolments_due ON enrolments (bot_id, next_at) WHERE state = 'running';
CREATE INDEX enrolments_by_funnel ON enrolments (funnel_id, id);
CREATE INDEX enrolments_by_customer ON enrolments (customer_id, id);

-- What each enrolment has come through, for the numbers of steps and branches; only added to.
CREATE TABLE enrolment_steps (
    id @ID,
    bot_id BIGINT NOT NULL,
    version_id BIGINT NOT NULL REFERENCES funnel_versions (id),
    enrolment_id BIGINT NOT NULL REFERENCES enrolments (id),
    -- sent, branch, press, answer, stop_word, goal
    kind TEXT NOT NULL,
    address TEXT NOT NULL,
    branch TEXT,
    -- The customer's own words that were taken as an answer or a stop word.
    message_id BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX enrolment_steps_by_version ON enrolment_steps (version_id, kind, address, branch);
CREATE INDEX enrolment_steps_by_enrolment ON enrolment_steps (enrolment_id, id);
CREATE INDEX enrolment_steps_by_message ON enrolment_steps (message_id) WHERE message_id IS NOT NULL;
