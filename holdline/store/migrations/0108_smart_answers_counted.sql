-- Automatic answers by what customers said of them: for /metrics and /report, without reading the answers themselves.
CREATE INDEX smart_answers_by_feedback ON smart_answers (bot_id, feedback);
