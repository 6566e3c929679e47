"""Invariants of API keys, API calls, history, copies of messages, and people."""

from holdline.store.invariants.invariant import Invariant

ACCESS = (
    Invariant(
        "keys_only_as_hashes",
        "an API key is stored as a hash and nothing else",
        "SELECT id FROM api_keys WHERE LENGTH(hash) <> 64 OR hash <> LOWER(hash) OR hash LIKE 'hl\\_%' ESCAPE '\\'",
    ),
    Invariant(
        "one_answer_per_key",
        "one idempotency key has one answer",
        """SELECT api_key_id, key, COUNT(*) AS times FROM idempotency
           GROUP BY api_key_id, key HAVING COUNT(*) > 1""",
    ),
    Invariant(
        "somebody_did_it",
        "every line of history names who did it",
        """SELECT id, kind, actor_kind FROM history
           WHERE actor_name = '' OR (actor_kind IN ('manager', 'customer') AND actor_id IS NULL)""",
    ),
    Invariant(
        "copy_stands_for_something",
        "a copy of a message names a message that exists",
        """SELECT k.bot_id, k.chat_id, k.tg_message_id, k.message_id FROM telegram_messages k
           LEFT JOIN messages m ON m.id = k.message_id WHERE k.message_id IS NOT NULL AND m.id IS NULL""",
    ),
    Invariant(
        "managers_are_people",
        "the bot does not work at its own desk",
        "SELECT id, name FROM managers WHERE telegram_id = bot_id AND active = 1",
    ),
    Invariant(
        "people_of_one_bot",
        "who takes part in a dialog belongs to the same bot",
        """SELECT p.dialog_id, p.manager_id FROM dialog_participants p
           JOIN dialogs d ON d.id = p.dialog_id JOIN managers m ON m.id = p.manager_id
           WHERE m.bot_id <> d.bot_id""",
    ),
)
