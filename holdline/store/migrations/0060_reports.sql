-- What a report looks up by its period: replies of people, openings, closes, rating forms.
CREATE INDEX messages_replies ON messages (bot_id, created_at) WHERE direction = 'out' AND class = 'manager';
CREATE INDEX dialogs_by_opening ON dialogs (bot_id, created_at);
CREATE INDEX dialogs_by_closing ON dialogs (bot_id, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX ratings_by_sending ON ratings (bot_id, sent_at);
CREATE INDEX ratings_by_answer ON ratings (bot_id, answered_at) WHERE answered_at IS NOT NULL;
