-- What customers think of the desk is a rating in every room. Forms on their way name their row by the new word.
ALTER TABLE surveys RENAME TO ratings;
UPDATE outbox SET payload_json = REPLACE(payload_json, '"survey_id"', '"rating_id"')
WHERE kind IN ('rating_form', 'rating_form_edit');
