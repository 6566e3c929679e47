"""What enrolments have come through: what was sent, which branch was taken, what was pressed, answered and reached."""

from holdline.store.tx import Row, Tx


def add(
    tx: Tx,
    *,
    version_id: int,
    enrolment_id: int,
    kind: str,
    address: str,
    branch: str | None = None,
    message_id: int | None = None,
) -> None:
    """`kind`: sent, branch, press, answer, stop_word or goal; `branch` names the way that was taken there."""
    tx.run(
        """INSERT INTO enrolment_steps (bot_id, version_id, enrolment_id, kind, address, branch, message_id,
                                        created_at)
           VALUES (:bot, :version, :enrolment, :kind, :address, :branch, :message, :at)""",
        bot=tx.bot_id,
        version=version_id,
        enrolment=enrolment_id,
        kind=kind,
        address=address,
        branch=branch,
        message=message_id,
        at=tx.at,
    )


def count(tx: Tx, version_id: int) -> list[Row]:
    """`kind`, `address`, `branch` and the number of enrolments that came through each."""
    return tx.all(
        """SELECT kind, address, branch, COUNT(DISTINCT enrolment_id) AS number FROM enrolment_steps
           WHERE version_id = :version GROUP BY kind, address, branch ORDER BY kind, address, branch""",
        version=version_id,
    )


def is_taken(tx: Tx, message_id: int) -> bool:
    """Whether the customer's words were an answer to a funnel's question, or a stop word."""
    row = tx.one("SELECT id FROM enrolment_steps WHERE message_id = :message LIMIT 1", message=message_id)
    return row is not None
