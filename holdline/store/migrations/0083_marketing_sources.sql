-- Where a marketing message comes from, what it is about, and what it waits for beside the gate.
ALTER TABLE outbox ADD COLUMN broadcast_id BIGINT;
ALTER TABLE outbox ADD COLUMN enrolment_id BIGINT;
ALTER TABLE outbox ADD COLUMN api_key_id BIGINT;
ALTER TABLE outbox ADD COLUMN marketing_topic TEXT;
ALTER TABLE outbox ADD COLUMN waits_for TEXT;
CREATE INDEX outbox_of_broadcast ON outbox (broadcast_id, status, due_at) WHERE broadcast_id IS NOT NULL;
CREATE INDEX outbox_of_enrolment ON outbox (enrolment_id) WHERE enrolment_id IS NOT NULL;

-- What marketing may ask of a customer: their clock, and values that tools and funnels keep.
ALTER TABLE customers ADD COLUMN time_zone TEXT;
ALTER TABLE customers ADD COLUMN fields_json TEXT;
