"""Surveys: one per dialog, with the attribution frozen when the form was sent."""

from datetime import datetime

from holdline.store.tx import Row, Tx


def offer(
    tx: Tx, *, token: str, dialog_id: int, customer_id: int, assignee_id: int | None, people: list[int]
) -> int:
    row = tx.one(
        """INSERT INTO surveys (token, bot_id, dialog_id, customer_id, state, assignee_id, participants_json, sent_at)
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
        "SELECT * FROM surveys WHERE bot_id = :bot AND token = :token FOR UPDATE", bot=tx.bot_id, token=token
    )


def by_id(tx: Tx, survey_id: int) -> Row | None:
    return tx.one("SELECT * FROM surveys WHERE id = :id", id=survey_id)


def another_waits(tx: Tx, survey: Row, *, since: datetime) -> bool:
    """Whether the customer has an earlier form that is not answered."""
    row = tx.one(
        """SELECT s.id FROM dialogs d JOIN surveys s ON s.dialog_id = d.id
           WHERE d.customer_id = :customer AND s.id < :id AND s.value IS NULL AND s.sent_at >= :since LIMIT 1""",
        customer=survey["customer_id"],
        id=survey["id"],
        since=since,
    )
    return row is not None


def answer(tx: Tx, survey_id: int, value: int) -> None:
    tx.run(
        "UPDATE surveys SET state = 'answered', value = :value, answered_at = :at WHERE id = :id",
        value=value,
        at=tx.at,
        id=survey_id,
    )
