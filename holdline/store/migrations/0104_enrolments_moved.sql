-- When an enrolment last moved, by the clock of then: where that clock was ahead, its next moment is no longer believed.
ALTER TABLE enrolments ADD COLUMN moved_at BIGINT NOT NULL DEFAULT 0;
UPDATE enrolments SET moved_at = COALESCE(sent_at, created_at);
