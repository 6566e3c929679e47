"""Surveys: one per dialog, with the attribution frozen when the form was sent."""

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


def answer(tx: Tx, survey_id: int, value: int) -> None:
    tx.run(
        "UPDATE surveys SET state = 'answered', value = :value, answered_at = :at WHERE id = :id",
        value=value,
        at=tx.at,
        id=survey_id,
    )
