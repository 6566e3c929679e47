-- The staff group (as configured) in which a manager was seen last, and when; empty: never, or left since.
ALTER TABLE managers ADD COLUMN member_of BIGINT;
ALTER TABLE managers ADD COLUMN member_seen_at BIGINT;
