-- What an index of quarantined updates is called.
DROP INDEX inbox_set_aside;
CREATE INDEX inbox_quarantined ON inbox (bot_id, done_at) WHERE state = 'quarantined';
