"""Ratings: one form per dialog with its answer, and who was in charge when it was sent."""

from datetime import datetime, timedelta

from holdline.store.tx import Row, Tx


def offer(
    tx: Tx, *, token: str, dialog_id: int, customer_id: int, assignee_id: int | None, people: list[int]
) -> int:
    row = tx.one(
        """INSERT INTO ratings (token, bot_id, dialog_id, customer_id, state, assignee_id, participants_json, sent_at)
           VALUES (:token, :bot, :dialog, :customer, 'offered', :assignee, :people, :at) RETURNING id""",
        token=token,
        bot=tx.bot_id,
        dialog=dialog_id,
        customer=customer_id,
        assignee=assignee_id,
        people=people,
        at=tx.at,
    )
    assert row is not None
    return int(row["id"])


def by_token(tx: Tx, token: str) -> Row | None:
    return tx.one(
        "SELECT * FROM ratings WHERE bot_id = :bot AND token = :token FOR UPDATE", bot=tx.bot_id, token=token
    )


def by_id(tx: Tx, rating_id: int) -> Row | None:
    return tx.one("SELECT * FROM ratings WHERE id = :id", id=rating_id)


def has_earlier_unanswered(tx: Tx, rating: Row, *, since: datetime) -> bool:
    """Whether the customer has an earlier unanswered form that was sent at or after `since`."""
    row = tx.one(
        """SELECT r.id FROM dialogs d JOIN ratings r ON r.dialog_id = d.id
           WHERE d.customer_id = :customer AND r.id < :id AND r.value IS NULL AND r.sent_at >= :since LIMIT 1""",
        customer=rating["customer_id"],
        id=rating["id"],
        since=since,
    )
    return row is not None


def find_answer_before(tx: Tx, message_id: int, *, within: timedelta) -> Row | None:
    """The customer's last answer (dialog_id, title, value) within that time before this message, if the message is
    their first one since.
    """
    return tx.one(
        """SELECT r.dialog_id, d.title, r.value FROM messages w
           JOIN dialogs d ON d.customer_id = w.customer_id JOIN ratings r ON r.dialog_id = d.id
           WHERE w.id = :message AND r.answered_at <= w.created_at AND r.answered_at > w.created_at - :micros
           AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.customer_id = w.customer_id AND m.id < w.id
                           AND m.author_kind = 'customer' AND m.created_at > r.answered_at)
           ORDER BY r.answered_at DESC, r.id DESC LIMIT 1""",
        message=message_id,
        micros=within // timedelta(microseconds=1),
    )


def answer(tx: Tx, rating_id: int, value: int) -> None:
    tx.run(
        "UPDATE ratings SET state = 'answered', value = :value, answered_at = :at WHERE id = :id",
        value=value,
        at=tx.at,
        id=rating_id,
    )


def mark_delivered(tx: Tx, rating_id: int) -> None:
    tx.run("UPDATE ratings SET state = 'delivered' WHERE id = :id AND state = 'offered'", id=rating_id)


def mark_failed(tx: Tx, rating_id: int) -> None:
    tx.run("UPDATE ratings SET state = 'failed' WHERE id = :id AND state = 'offered'", id=rating_id)
