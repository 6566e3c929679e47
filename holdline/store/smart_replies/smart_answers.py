"""Automatic answers that were given: which reply, to which message, and the customer's feedback."""

from datetime import datetime

from holdline.store.tx import Row, Tx

_LATELY = 50
"""How many of a customer's last messages are searched for messages of people and rules."""


def insert(tx: Tx, row: Row) -> None:
    """`row`: message_id, customer_id, reply_id, asked_message_id, inbox_item_id, score, source."""
    tx.run(
        """INSERT INTO smart_answers (message_id, bot_id, customer_id, reply_id, asked_message_id, inbox_item_id, score,
                                      source, created_at)
           VALUES (:message_id, :bot, :customer_id, :reply_id, :asked_message_id, :inbox_item_id, :score,
                   :source, :at)""",
        bot=tx.bot_id,
        at=tx.at,
        **row,
    )


def of_question(tx: Tx, asked_message_id: int) -> Row | None:
    """The answer to this message of a customer, with the reply's name, its text and its status."""
    return tx.one(
        """SELECT a.*, r.name, m.text, m.status FROM smart_answers a JOIN smart_replies r ON r.id = a.reply_id
           JOIN messages m ON m.id = a.message_id WHERE a.bot_id = :bot AND a.asked_message_id = :asked""",
        bot=tx.bot_id,
        asked=asked_message_id,
    )


def replies_given_since(tx: Tx, customer_id: int, since: datetime) -> frozenset[int]:
    """The replies that this customer was given since then, sent or not."""
    rows = tx.all(
        "SELECT DISTINCT reply_id FROM smart_answers WHERE customer_id = :customer AND created_at > :since",
        customer=customer_id,
        since=since,
    )
    return frozenset(row["reply_id"] for row in rows)


def has_desk_written(tx: Tx, customer_id: int, *, people_since: datetime, rules_since: datetime) -> bool:
    """Whether a person has written to this customer since `people_since`, or a rule since `rules_since`."""
    row = tx.one(
        f"""SELECT id FROM (SELECT * FROM messages WHERE customer_id = :customer ORDER BY id DESC LIMIT {_LATELY}
                             ) AS late
            WHERE deleted_at IS NULL AND ((author_kind = 'manager' AND created_at >= :people)
                OR (author_kind = 'rule' AND created_at >= :rules)) LIMIT 1""",
        customer=customer_id,
        people=people_since,
        rules=rules_since,
    )
    return row is not None


def awaits_person(tx: Tx, customer_id: int, *, since: datetime) -> bool:
    """Whether the customer has asked for a person since then, and no person has written to them yet."""
    row = tx.one(
        """SELECT a.message_id FROM smart_answers a WHERE a.customer_id = :customer AND a.created_at >= :since
           AND a.feedback = 'person' AND NOT EXISTS (
               SELECT 1 FROM messages m WHERE m.customer_id = a.customer_id AND m.id > a.message_id
               AND m.author_kind = 'manager' AND m.deleted_at IS NULL AND m.created_at >= a.feedback_at)
           LIMIT 1""",
        customer=customer_id,
        since=since,
    )
    return row is not None


def newest_words_of(tx: Tx, customer_id: int) -> int | None:
    """The id of the customer's newest message."""
    row = tx.one(
        "SELECT MAX(id) AS newest FROM messages WHERE customer_id = :customer AND direction = 'in'",
        customer=customer_id,
    )
    return int(row["newest"]) if row and row["newest"] is not None else None


def set_feedback(tx: Tx, message_id: int, feedback: str) -> None:
    tx.run(
        "UPDATE smart_answers SET feedback = :feedback, feedback_at = :at WHERE message_id = :message",
        feedback=feedback,
        at=tx.at,
        message=message_id,
    )
