"""A desk with years of use: closed dialogs of many customers, each with some messages, made in one go."""

from holdline.store.tx import Tx

_SERIES = "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < :many)"


def crowd(tx: Tx, *, many: int, messages: int = 3) -> None:
    """`many` customers with a closed dialog each; the lists and at least one manager are there already."""
    shared = {"bot": tx.bot_id, "at": tx.at, "many": many}
    tx.run(
        f"""{_SERIES} INSERT INTO customers (bot_id, telegram_id, name, username, created_at, last_wrote_at)
            SELECT :bot, 600000000 + n, 'Customer ' || n, 'customer_' || n, :at, :at FROM series""",
        **shared,
    )
    tx.run(
        """INSERT INTO chats (bot_id, chat_id, kind, customer_id)
           SELECT c.bot_id, c.telegram_id, 'private', c.id
           FROM customers c WHERE c.bot_id = :bot AND c.telegram_id > 600000000""",
        bot=tx.bot_id,
    )
    tx.run(
        """INSERT INTO dialogs (bot_id, customer_id, title, state, type_id, stage_id, assignee_id, description,
                                close_reason, customer_score, created_at, changed_at, closed_at)
           SELECT c.bot_id, c.id, 'Where is parcel ' || c.id || '?', 'closed',
                  (SELECT MIN(id) FROM lists WHERE kind = 'types'),
                  (SELECT MIN(id) FROM lists WHERE kind = 'stages'),
                  (SELECT MIN(id) FROM managers), 'It was to come on Monday and did not.', 'Solved', 3,
                  :at, :at, :at
           FROM customers c WHERE c.bot_id = :bot AND c.telegram_id > 600000000""",
        bot=tx.bot_id,
        at=tx.at,
    )
    tx.run(
        """INSERT INTO dialog_participants (dialog_id, manager_id, added_at)
           SELECT d.id, d.assignee_id, :at FROM dialogs d WHERE d.bot_id = :bot AND d.state = 'closed'""",
        bot=tx.bot_id,
        at=tx.at,
    )
    tx.run(
        f"""{_SERIES} INSERT INTO messages (bot_id, customer_id, dialog_id, direction, class, author_kind, kind,
                                            text, status, created_at)
            SELECT d.bot_id, d.customer_id, d.id, 'in', 'customer', 'customer', 'text',
                   'Message ' || n || ' about the parcel that never came to my door.', 'received', :at
            FROM dialogs d JOIN series ON 1 = 1 WHERE d.bot_id = :bot AND d.state = 'closed'""",
        bot=tx.bot_id,
        at=tx.at,
        many=messages,
    )
