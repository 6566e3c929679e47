-- Who wrote /start lately: offered as a new colleague in /settings → People.
CREATE INDEX customers_started ON customers (bot_id, started_at) WHERE started_at IS NOT NULL;
