"""Invariants of automatic answers."""

from holdline.store.invariants.invariant import Invariant

SMART_REPLIES = (
    Invariant(
        "smart_answer_is_its_message",
        "an automatic answer is a smart reply to words of the same customer",
        """SELECT a.message_id, a.customer_id FROM smart_answers a JOIN messages m ON m.id = a.message_id
           JOIN messages q ON q.id = a.asked_message_id
           WHERE m.class <> 'smart_reply' OR m.customer_id <> a.customer_id OR q.customer_id <> a.customer_id
               OR q.direction <> 'in' OR q.dialog_id IS NOT NULL""",
        "report it with the ids: somebody may have read what was meant for another",
    ),
    Invariant(
        "smart_reply_answers_something",
        "a smart reply that is kept has words, an expression or a question",
        """SELECT id, name FROM smart_replies WHERE deleted_at IS NULL AND regex IS NULL
           AND words_json = '[]' AND questions_json = '[]'""",
        "give it something to answer in /settings, Smart replies, or delete it there",
    ),
)
