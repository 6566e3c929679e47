"""The dialogs report, read page by page with three queries: the rows, their people, their labels."""

from holdline.dialogs.reports.kinds import ReportScope
from holdline.store.reports.scope import narrow, values_of
from holdline.store.tx import Row, Tx


def dialogs(tx: Tx, scope: ReportScope, *, after: int, limit: int) -> list[Row]:
    """Dialogs created within [from, to), by id; values deleted from the lists keep their names."""
    return tx.all(
        f"""SELECT d.id, d.customer_id, c.telegram_id AS customer_telegram_id, c.name AS customer, d.title,
                  t.name AS type, d.state, s.name AS stage, q.name AS queue, d.priority,
                  m.name AS assignee, m.telegram_id AS assignee_telegram_id, d.description,
                  d.follow_up_of, r.name AS root_cause, d.close_reason, d.close_comment, d.due_at, d.outcome,
                  d.service_rating, d.customer_score, d.created_at, d.closed_at
           FROM dialogs d
           JOIN customers c ON c.id = d.customer_id
           JOIN lists t ON t.id = d.type_id
           JOIN lists s ON s.id = d.stage_id
           LEFT JOIN lists q ON q.id = d.queue_id
           LEFT JOIN lists r ON r.id = d.root_cause_id
           LEFT JOIN managers m ON m.id = d.assignee_id
           WHERE +d.bot_id = :bot AND d.id > :after -- by id alone: any index of the bot would mean to sort them all
           AND +d.created_at >= :from_at AND +d.created_at < :to_at {narrow(scope)}
           ORDER BY d.id LIMIT :limit""",
        **values_of(tx, scope),
        after=after,
        limit=limit,
    )


def people(tx: Tx, *, first: int, last: int) -> list[Row]:
    """dialog_id and name: one row per participant of the dialogs between two ids."""
    return tx.all(
        """SELECT p.dialog_id, m.name FROM dialog_participants p JOIN managers m ON m.id = p.manager_id
           WHERE p.dialog_id BETWEEN :first AND :last AND m.bot_id = :bot
           ORDER BY p.dialog_id, p.added_at, m.id""",
        first=first,
        last=last,
        bot=tx.bot_id,
    )


def labels(tx: Tx, *, first: int, last: int) -> list[Row]:
    """dialog_id, kind and name: one row per label of the dialogs between two ids."""
    return tx.all(
        """SELECT x.dialog_id, l.kind, l.name FROM dialog_labels x JOIN lists l ON l.id = x.list_id
           WHERE x.dialog_id BETWEEN :first AND :last AND l.bot_id = :bot ORDER BY x.dialog_id, l.name""",
        first=first,
        last=last,
        bot=tx.bot_id,
    )
