-- The number of the enrolment's version, which never changes: shown without a look at the versions.
ALTER TABLE enrolments ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
UPDATE enrolments SET version = (SELECT v.version FROM funnel_versions v WHERE v.id = enrolments.version_id);
