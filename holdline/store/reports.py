"""The dialogs report, read in three sweeps: the rows, their people, their labels."""

from datetime import datetime

from holdline.store.tx import Row, Tx

_WITHIN = """d.bot_id = :bot
    AND (CAST(:from_at AS BIGINT) IS NULL OR d.created_at >= :from_at)
    AND (CAST(:to_at AS BIGINT) IS NULL OR d.created_at < :to_at)"""


def dialogs(tx: Tx, *, from_at: datetime | None, to_at: datetime | None) -> list[Row]:
    """Created within [from, to), oldest first; values that were deleted from the lists keep their names."""
    return tx.all(
        f"""SELECT d.id, d.customer_id, c.telegram_id AS customer_telegram_id, c.name AS customer, d.title,
                   t.name AS type, d.state, s.name AS stage, q.name AS queue, d.priority,
                   m.name AS assignee, m.telegram_id AS assignee_telegram_id, d.description,
                   d.follow_up_of, r.name AS root_cause, d.close_reason, d.close_comment, d.due_at,
                   d.service_rating, d.customer_score, d.created_at, d.closed_at
            FROM dialogs d
            JOIN customers c ON c.id = d.customer_id
            JOIN lists t ON t.id = d.type_id
            JOIN lists s ON s.id = d.stage_id
            LEFT JOIN lists q ON q.id = d.queue_id
            LEFT JOIN lists r ON r.id = d.root_cause_id
            LEFT JOIN managers m ON m.id = d.assignee_id
            WHERE {_WITHIN} ORDER BY d.id""",
        **_scope(tx, from_at, to_at),
    )


def people(tx: Tx, *, from_at: datetime | None, to_at: datetime | None) -> list[Row]:
    """dialog_id and name, one row a participant."""
    return tx.all(
        f"""SELECT p.dialog_id, m.name FROM dialog_participants p
            JOIN dialogs d ON d.id = p.dialog_id JOIN managers m ON m.id = p.manager_id
            WHERE {_WITHIN} ORDER BY p.dialog_id, p.added_at, m.id""",
        **_scope(tx, from_at, to_at),
    )


def labels(tx: Tx, *, from_at: datetime | None, to_at: datetime | None) -> list[Row]:
    """dialog_id, kind and name, one row a label."""
    return tx.all(
        f"""SELECT x.dialog_id, l.kind, l.name FROM dialog_labels x
            JOIN dialogs d ON d.id = x.dialog_id JOIN lists l ON l.id = x.list_id
            WHERE {_WITHIN} ORDER BY x.dialog_id, l.name""",
        **_scope(tx, from_at, to_at),
    )


def _scope(tx: Tx, from_at: datetime | None, to_at: datetime | None) -> Row:
    return {"bot": tx.bot_id, "from_at": from_at, "to_at": to_at}
