-- A group that has met a flood hears one operation a second until then; a few at once otherwise.
ALTER TABLE lanes ADD COLUMN no_burst_until_at BIGINT;
-- When not_before_at was written: a pause that begins in the future was meant by a clock that has been put back since.
ALTER TABLE lanes ADD COLUMN paused_at BIGINT;
