"""SQL statements that break the invariants of smart replies, and the rule that must report each."""

_EMPTY_REPLY = (
    "INSERT INTO smart_replies (bot_id, name, answer, position, created_at) VALUES (1, 'Empty', '?', 1, 1)"
)
SMART_REPLY_BREAKS = {
    "smart_reply_answers_something": [_EMPTY_REPLY],
    "smart_answer_is_its_message": [
        _EMPTY_REPLY,
        "INSERT INTO smart_answers (message_id, bot_id, customer_id, reply_id, asked_message_id, score, source,"
        " created_at) SELECT m.id, 1, m.customer_id, (SELECT MAX(id) FROM smart_replies), m.id, 1, 'faq', 1"
        " FROM messages m WHERE m.id = (SELECT MIN(id) FROM messages)",
    ],
}
