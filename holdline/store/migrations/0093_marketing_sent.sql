-- How much marketing a customer has had today, counted from their own few rows.
CREATE INDEX outbox_marketing_sent ON outbox (customer_id, settled_at) WHERE stream = 'marketing' AND status = 'sent';
