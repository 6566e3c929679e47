-- The ground: customers, managers, dialogs, the two queues, history that only grows.
-- @ID is the engine's own identity column; times are whole microseconds since 1970 in columns that end in _at;
-- columns that end in _json hold JSON; yes/no is 0 or 1.

CREATE TABLE bots (
    id BIGINT PRIMARY KEY,
    username TEXT NOT NULL,
    topics_in_private INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);

CREATE TABLE settings (
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    value_json TEXT NOT NULL,
    PRIMARY KEY (bot_id, name)
);

CREATE TABLE customers (
    id @ID,
    bot_id BIGINT NOT NULL,
    telegram_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    username TEXT,
    language TEXT NOT NULL DEFAULT 'en',
    language_chosen INTEGER NOT NULL DEFAULT 0,
    reach TEXT NOT NULL DEFAULT 'ok' CHECK (reach IN ('ok', 'blocked', 'deactivated', 'unknown')),
    started_at BIGINT,
    opted_out_at BIGINT,
    created_at BIGINT NOT NULL,
    last_wrote_at BIGINT,
    UNIQUE (bot_id, telegram_id)
);

CREATE TABLE customer_tags (
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    name TEXT NOT NULL,
    PRIMARY KEY (customer_id, name)
);

CREATE TABLE roles (
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    permissions_json TEXT NOT NULL,
    PRIMARY KEY (bot_id, name)
);

CREATE TABLE managers (
    id @ID,
    bot_id BIGINT NOT NULL,
    telegram_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    username TEXT,
    role TEXT NOT NULL,
    permissions_json TEXT,
    ready INTEGER NOT NULL DEFAULT 0,
    active INTEGER NOT NULL DEFAULT 1,
    language TEXT NOT NULL DEFAULT 'en',
    entered_dialog_id BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (bot_id, telegram_id)
);

CREATE TABLE lists (
    id @ID,
    bot_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    category TEXT,
    system INTEGER NOT NULL DEFAULT 0,
    deleted_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX lists_by_name ON lists (bot_id, kind, name) WHERE deleted_at IS NULL;

CREATE TABLE dialogs (
    id @ID,
    bot_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    title TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'closed')),
    type_id BIGINT NOT NULL REFERENCES lists (id),
    stage_id BIGINT NOT NULL REFERENCES lists (id),
    queue_id BIGINT REFERENCES lists (id),
    root_cause_id BIGINT REFERENCES lists (id),
    assignee_id BIGINT REFERENCES managers (id),
    description TEXT NOT NULL DEFAULT '',
    priority TEXT NOT NULL DEFAULT 'normal',
    due_at BIGINT,
    follow_up_of BIGINT REFERENCES dialogs (id),
    created_by BIGINT REFERENCES managers (id),
    close_reason TEXT,
    close_comment TEXT,
    customer_score INTEGER CHECK (customer_score BETWEEN 1 AND 3),
    service_rating INTEGER CHECK (service_rating BETWEEN 1 AND 3),
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    closed_at BIGINT,
    CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
CREATE UNIQUE INDEX dialogs_one_active ON dialogs (bot_id, customer_id) WHERE state = 'active';
CREATE INDEX dialogs_by_customer ON dialogs (customer_id, id);
CREATE INDEX dialogs_by_state ON dialogs (bot_id, state, id);
CREATE INDEX dialogs_by_assignee ON dialogs (assignee_id, state);

CREATE TABLE dialog_participants (
    dialog_id BIGINT NOT NULL REFERENCES dialogs (id),
    manager_id BIGINT NOT NULL REFERENCES managers (id),
    added_at BIGINT NOT NULL,
    PRIMARY KEY (dialog_id, manager_id)
);

CREATE TABLE dialog_labels (
    dialog_id BIGINT NOT NULL REFERENCES dialogs (id),
    list_id BIGINT NOT NULL REFERENCES lists (id),
    PRIMARY KEY (dialog_id, list_id)
);

CREATE TABLE messages (
    id @ID,
    bot_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    dialog_id BIGINT REFERENCES dialogs (id),
    direction TEXT NOT NULL CHECK (direction IN ('in', 'out')),
    class TEXT NOT NULL,
    author_kind TEXT NOT NULL,
    manager_id BIGINT REFERENCES managers (id),
    kind TEXT NOT NULL,
    text TEXT NOT NULL DEFAULT '',
    entities_json TEXT NOT NULL DEFAULT '[]',
    data_json TEXT NOT NULL DEFAULT '{}',
    chat_id BIGINT,
    thread_id BIGINT,
    tg_message_id BIGINT,
    album_id TEXT,
    reply_to_id BIGINT,
    inbox_item_id BIGINT,
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT,
    edited_at BIGINT,
    deleted_at BIGINT
);
CREATE INDEX messages_by_customer ON messages (customer_id, id);
CREATE INDEX messages_by_dialog ON messages (dialog_id, id);
CREATE INDEX messages_by_album ON messages (album_id, customer_id) WHERE album_id IS NOT NULL;

-- What a Telegram message in some chat stands for: an original, a copy, a card, a notice, a form.
CREATE TABLE copies (
    bot_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    tg_message_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    message_id BIGINT,
    customer_id BIGINT,
    dialog_id BIGINT,
    inbox_item_id BIGINT,
    place_id BIGINT,
    part INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT,
    PRIMARY KEY (bot_id, chat_id, tg_message_id)
);
CREATE INDEX copies_by_message ON copies (message_id, chat_id);
CREATE INDEX copies_by_item ON copies (inbox_item_id) WHERE inbox_item_id IS NOT NULL;

CREATE TABLE notes (
    id @ID,
    dialog_id BIGINT NOT NULL REFERENCES dialogs (id),
    manager_id BIGINT NOT NULL REFERENCES managers (id),
    text TEXT NOT NULL,
    data_json TEXT NOT NULL DEFAULT '{}',
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX notes_by_dialog ON notes (dialog_id, id);

CREATE TABLE history (
    id @ID,
    bot_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL,
    dialog_id BIGINT,
    kind TEXT NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('manager', 'customer', 'rule', 'system')),
    actor_name TEXT NOT NULL,
    actor_id BIGINT,
    actor_telegram_id BIGINT,
    text TEXT,
    data_json TEXT NOT NULL DEFAULT '{}',
    created_at BIGINT NOT NULL
);
CREATE INDEX history_by_dialog ON history (dialog_id, id);
CREATE INDEX history_by_customer ON history (customer_id, id);

-- What administrators changed: people, rights, lists, texts. It only grows, like history.
CREATE TABLE admin_log (
    id @ID,
    bot_id BIGINT NOT NULL,
    manager_id BIGINT,
    manager_name TEXT NOT NULL,
    manager_telegram_id BIGINT,
    what TEXT NOT NULL,
    object TEXT NOT NULL,
    before_json TEXT,
    after_json TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX admin_log_by_bot ON admin_log (bot_id, id);

CREATE TABLE inbox_items (
    id @ID,
    bot_id BIGINT NOT NULL,
    customer_id BIGINT NOT NULL REFERENCES customers (id),
    state TEXT NOT NULL CHECK (state IN ('new', 'answered', 'ignored', 'moved')),
    first_message_id BIGINT,
    messages INTEGER NOT NULL DEFAULT 0,
    dialog_id BIGINT,
    handled_by BIGINT,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX inbox_items_one_new ON inbox_items (customer_id) WHERE state = 'new';
CREATE INDEX inbox_items_by_state ON inbox_items (bot_id, state, id);

CREATE TABLE surveys (
    id @ID,
    token TEXT NOT NULL UNIQUE,
    bot_id BIGINT NOT NULL,
    dialog_id BIGINT NOT NULL UNIQUE REFERENCES dialogs (id),
    customer_id BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('offered', 'delivered', 'failed', 'answered', 'expired')),
    value INTEGER CHECK (value BETWEEN 1 AND 3),
    assignee_id BIGINT,
    participants_json TEXT NOT NULL DEFAULT '[]',
    sent_at BIGINT NOT NULL,
    answered_at BIGINT,
    CHECK ((state = 'answered') = (value IS NOT NULL))
);

CREATE TABLE standard_messages (
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    buttons_json TEXT,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (bot_id, name, language)
);

CREATE TABLE tasks (
    id @ID,
    bot_id BIGINT NOT NULL,
    manager_id BIGINT NOT NULL REFERENCES managers (id),
    dialog_id BIGINT NOT NULL REFERENCES dialogs (id),
    title TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done')),
    starts_at BIGINT NOT NULL,
    started_told INTEGER NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    UNIQUE (manager_id, dialog_id)
);
CREATE INDEX tasks_to_start ON tasks (starts_at) WHERE started_told = 0;

-- A form or a window that a manager has open; its state survives a restart.
CREATE TABLE forms (
    id @ID,
    bot_id BIGINT NOT NULL,
    manager_id BIGINT NOT NULL REFERENCES managers (id),
    chat_id BIGINT NOT NULL,
    thread_id BIGINT,
    place_id BIGINT,
    tg_message_id BIGINT,
    kind TEXT NOT NULL,
    step TEXT NOT NULL,
    values_json TEXT NOT NULL DEFAULT '{}',
    awaits_text INTEGER NOT NULL DEFAULT 0,
    done_at BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX forms_open ON forms (manager_id, chat_id) WHERE done_at IS NULL;

-- Where the desk sees a dialog (or the Inbox): a topic, or messages headed by the dialog. A view, never the truth.
CREATE TABLE places (
    id @ID,
    bot_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    dialog_id BIGINT REFERENCES dialogs (id),
    mode TEXT NOT NULL CHECK (mode IN ('topic', 'headed')),
    thread_id BIGINT,
    name TEXT,
    live INTEGER NOT NULL DEFAULT 1,
    card_tg_id BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX places_by_thread ON places (bot_id, chat_id, thread_id) WHERE thread_id IS NOT NULL AND live = 1;
CREATE UNIQUE INDEX places_one_live ON places (bot_id, chat_id, COALESCE(dialog_id, 0)) WHERE live = 1;
CREATE INDEX places_by_dialog ON places (dialog_id);

-- Durable intake: the raw update is here before Telegram hears that we have it.
CREATE TABLE inbox (
    id @ID,
    bot_id BIGINT NOT NULL,
    update_id BIGINT NOT NULL,
    lane BIGINT NOT NULL,
    raw TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'done', 'ignored', 'quarantined')),
    attempts INTEGER NOT NULL DEFAULT 0,
    retry_at BIGINT,
    reason TEXT,
    received_at BIGINT NOT NULL,
    done_at BIGINT,
    UNIQUE (bot_id, update_id),
    CHECK (state IN ('new', 'done') OR reason IS NOT NULL)
);
CREATE INDEX inbox_new ON inbox (bot_id, lane, update_id) WHERE state = 'new';
CREATE INDEX inbox_set_aside ON inbox (bot_id, done_at) WHERE state = 'quarantined';

-- Durable delivery: a lane is one destination chat, with its gate, its pace and at most one call in flight.
CREATE TABLE lanes (
    bot_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    customer_id BIGINT REFERENCES customers (id),
    kind TEXT NOT NULL CHECK (kind IN ('private', 'group')),
    gate TEXT NOT NULL DEFAULT 'open' CHECK (gate IN ('open', 'held')),
    gate_epoch INTEGER NOT NULL DEFAULT 0,
    gate_changed_at BIGINT,
    dialog_due_at BIGINT,
    marketing_due_at BIGINT,
    not_before_at BIGINT NOT NULL DEFAULT 0,
    leased_until_at BIGINT,
    lease_token TEXT,
    in_flight BIGINT,
    recent_json TEXT NOT NULL DEFAULT '[]',
    stopped TEXT,
    moved_to BIGINT,
    PRIMARY KEY (bot_id, chat_id)
);
CREATE INDEX lanes_dialog_due ON lanes (bot_id, dialog_due_at) WHERE dialog_due_at IS NOT NULL;
CREATE INDEX lanes_marketing_due ON lanes (bot_id, marketing_due_at) WHERE marketing_due_at IS NOT NULL AND gate = 'open';
CREATE INDEX lanes_leased ON lanes (bot_id, leased_until_at) WHERE leased_until_at IS NOT NULL;
CREATE UNIQUE INDEX lanes_by_customer ON lanes (customer_id) WHERE customer_id IS NOT NULL;

CREATE TABLE outbox (
    id @ID,
    bot_id BIGINT NOT NULL,
    chat_id BIGINT NOT NULL,
    lane TEXT NOT NULL CHECK (lane IN ('dialog', 'marketing')),
    class TEXT NOT NULL,
    kind TEXT NOT NULL,
    rank INTEGER NOT NULL DEFAULT 0,
    key TEXT NOT NULL,
    collapse_key TEXT,
    payload_json TEXT NOT NULL,
    customer_id BIGINT,
    dialog_id BIGINT,
    message_id BIGINT,
    place_id BIGINT,
    due_at BIGINT NOT NULL,
    expires_at BIGINT,
    status TEXT NOT NULL DEFAULT 'queued'
        CHECK (status IN ('queued', 'sending', 'sent', 'parked', 'cancelled', 'dropped', 'expired')),
    attempts INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    uncertain INTEGER NOT NULL DEFAULT 0,
    gate_epoch INTEGER,
    begun_at BIGINT,
    settled_at BIGINT,
    tg_message_id BIGINT,
    error_code INTEGER,
    error TEXT,
    created_at BIGINT NOT NULL,
    CHECK (status NOT IN ('sent') OR settled_at IS NOT NULL)
);
CREATE UNIQUE INDEX outbox_key ON outbox (bot_id, key);
CREATE UNIQUE INDEX outbox_one_in_flight ON outbox (bot_id, chat_id) WHERE status = 'sending';
CREATE INDEX outbox_next ON outbox (bot_id, chat_id, lane, rank, due_at, id) WHERE status = 'queued';
CREATE INDEX outbox_parked ON outbox (bot_id, id) WHERE status = 'parked';
CREATE INDEX outbox_dropped ON outbox (bot_id, id) WHERE status = 'dropped';
CREATE INDEX outbox_collapse ON outbox (bot_id, collapse_key) WHERE status = 'queued' AND collapse_key IS NOT NULL;
CREATE INDEX outbox_by_customer ON outbox (customer_id, lane) WHERE status = 'queued' AND customer_id IS NOT NULL;
CREATE INDEX outbox_expiry ON outbox (bot_id, expires_at) WHERE status = 'queued' AND expires_at IS NOT NULL;
CREATE INDEX outbox_by_message ON outbox (message_id) WHERE message_id IS NOT NULL;

CREATE TABLE outbox_attempts (
    id @ID,
    outbox_id BIGINT NOT NULL,
    attempt INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    begun_at BIGINT NOT NULL,
    ended_at BIGINT,
    outcome TEXT,
    code INTEGER,
    description TEXT,
    retry_after INTEGER
);
CREATE INDEX outbox_attempts_by_item ON outbox_attempts (outbox_id, attempt);
CREATE INDEX outbox_attempts_lost ON outbox_attempts (outbox_id, attempt) WHERE outcome = 'uncertain';
CREATE INDEX outbox_attempts_flooded ON outbox_attempts (outbox_id) WHERE code = 429;

-- One intake and one sender per bot; the epoch is the fence that a late holder cannot pass.
CREATE TABLE leases (
    bot_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    holder TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    until_at BIGINT NOT NULL,
    frozen_until_at BIGINT,
    marketing_frozen_until_at BIGINT,
    freeze_reason TEXT,
    flood_at BIGINT,
    flood_chat BIGINT,
    PRIMARY KEY (bot_id, role)
);

CREATE TABLE api_keys (
    id @ID,
    bot_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    hash TEXT NOT NULL UNIQUE,
    scopes_json TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE TABLE idempotency (
    api_key_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status INTEGER,
    answer_json TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (api_key_id, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);
