"""Steps of enrolments: messages sent, branches taken, presses, answers, stop words and goals."""

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
    """`kind`: sent, branch, press, answer, stop_word or goal; `branch` names the branch that was taken there."""
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
    """`kind`, `address`, `branch` and the number of enrolments that passed each."""
    return tx.all(
        """SELECT kind, address, branch, COUNT(DISTINCT enrolment_id) AS number FROM enrolment_steps
           WHERE version_id = :version GROUP BY kind, address, branch ORDER BY kind, address, branch""",
        version=version_id,
    )


def has_chosen(tx: Tx, enrolment_id: int, address: str | None) -> bool:
    """Whether the customer has taken one of the branches of that step."""
    row = tx.one(
        """SELECT id FROM enrolment_steps WHERE enrolment_id = :enrolment AND kind = 'branch'
           AND address = :address LIMIT 1""",
        enrolment=enrolment_id,
        address=address,
    )
    return row is not None


def of_words(tx: Tx, message_id: int) -> Row | None:
    """How a funnel used the customer's message: `kind` answer or stop_word, `address`, `version_id`, its `name`."""
    return tx.one(
        """SELECT s.kind, s.address, s.version_id, s.enrolment_id, f.name FROM enrolment_steps s
           JOIN funnel_versions v ON v.id = s.version_id JOIN funnels f ON f.id = v.funnel_id
           WHERE s.message_id = :message ORDER BY s.id LIMIT 1""",
        message=message_id,
    )
