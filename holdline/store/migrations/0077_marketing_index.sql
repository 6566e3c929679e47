-- What marketing a customer was sent, found without reading all that was said to them.
CREATE INDEX messages_of_marketing ON messages (customer_id, id) WHERE class IN ('funnel', 'broadcast', 'smart_reply');
