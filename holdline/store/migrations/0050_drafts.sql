-- Replies that wait for somebody's approval, and the notes about them.
CREATE TABLE drafts (
    id @ID,
    bot_id BIGINT NOT NULL,
    dialog_id BIGINT NOT NULL REFERENCES dialogs (id),
    author_id BIGINT NOT NULL REFERENCES managers (id),
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'returned', 'sent', 'dropped')),
    -- The first part of the album that it belongs to: an album is approved as one.
    part_of BIGINT REFERENCES drafts (id),
    kind TEXT NOT NULL,
    text TEXT NOT NULL DEFAULT '',
    entities_json TEXT NOT NULL DEFAULT '[]',
    data_json TEXT NOT NULL DEFAULT '{}',
    chat_id BIGINT,
    thread_id BIGINT,
    tg_message_id BIGINT,
    album_id TEXT,
    -- The customer's newest message in the dialog when it was submitted.
    seen_message_id BIGINT NOT NULL DEFAULT 0,
    reason TEXT,
    decided_by BIGINT REFERENCES managers (id),
    message_id BIGINT REFERENCES messages (id),
    -- Which messages show it: chat and the key under which each was said.
    cards_json TEXT NOT NULL DEFAULT '[]',
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX drafts_by_state ON drafts (bot_id, state, id);
CREATE INDEX drafts_by_dialog ON drafts (dialog_id, state);
CREATE INDEX drafts_by_original ON drafts (chat_id, tg_message_id) WHERE tg_message_id IS NOT NULL;

CREATE TABLE draft_notes (
    id @ID,
    draft_id BIGINT NOT NULL REFERENCES drafts (id),
    manager_id BIGINT NOT NULL REFERENCES managers (id),
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX draft_notes_by_draft ON draft_notes (draft_id, id);
