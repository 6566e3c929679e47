"""Counts: dialogs, closes by each manager, tags, outcomes, ratings, automatic answers."""

from holdline.dialogs.reports.kinds import ReportScope
from holdline.store.reports.scope import narrow, values_of
from holdline.store.tx import Row, Tx

_HOUR = 3_600_000_000  # microseconds
_MOVES = "('dialog_paused', 'dialog_resumed', 'dialog_closed', 'dialog_unmerged')"


def openings(tx: Tx, scope: ReportScope) -> Row:
    """dialogs: how many were opened in the period; customers: how many customers they belong to."""
    row = tx.one(
        f"""SELECT COUNT(*) AS dialogs, COUNT(DISTINCT d.customer_id) AS customers FROM dialogs d
            WHERE d.bot_id = :bot AND d.created_at >= :from_at AND d.created_at < :to_at {narrow(scope)}""",
        **values_of(tx, scope),
    )
    assert row is not None
    return row


def open_at_end(tx: Tx, scope: ReportScope) -> list[Row]:
    """due_at and last_move (None or a kind) of each dialog that is not closed for good at the end of the period.

    A dialog whose last move is a close was merged at that time, and the merge was taken back later.
    """
    if scope.to_at > tx.at:
        return _open_now(tx, scope)
    return tx.all(
        f"""SELECT d.due_at, (SELECT h.kind FROM history h WHERE h.dialog_id = d.id AND h.created_at < :to_at
                              AND h.kind IN {_MOVES} ORDER BY h.id DESC LIMIT 1) AS last_move
            FROM dialogs d
            WHERE d.bot_id = :bot AND +d.created_at < :to_at AND d.state IN ('active', 'paused') {narrow(scope)}
            UNION ALL
            SELECT d.due_at, (SELECT h.kind FROM history h WHERE h.dialog_id = d.id AND h.created_at < :to_at
                              AND h.kind IN {_MOVES} ORDER BY h.id DESC LIMIT 1) AS last_move
            FROM dialogs d
            WHERE d.bot_id = :bot AND d.created_at < :to_at AND d.closed_at >= :to_at {narrow(scope)}""",
        bot=tx.bot_id,
        to_at=scope.to_at,
    )


def _open_now(tx: Tx, scope: ReportScope) -> list[Row]:
    """The same for a period that has not ended yet, read from the present state of the dialogs."""
    return tx.all(
        f"""SELECT d.due_at, CASE d.state WHEN 'paused' THEN 'dialog_paused' END AS last_move FROM dialogs d
            WHERE d.bot_id = :bot AND d.state IN ('active', 'paused') {narrow(scope)}""",
        bot=tx.bot_id,
    )


def by_hour(tx: Tx, scope: ReportScope, *, closed: bool) -> list[Row]:
    """hour (hours since 1970) and n: dialogs opened, or closed, in it."""
    column = "closed_at" if closed else "created_at"
    return tx.all(
        f"""SELECT d.{column} / {_HOUR} AS hour, COUNT(*) AS n FROM dialogs d
            WHERE d.bot_id = :bot AND d.{column} >= :from_at AND d.{column} < :to_at {narrow(scope)}
            GROUP BY d.{column} / {_HOUR} ORDER BY 1""",
        **values_of(tx, scope),
    )


def closes(tx: Tx, scope: ReportScope) -> list[Row]:
    """manager_id and closed: how many of the dialogs closed in the period each manager closed last; None is no
    manager.
    """
    return tx.all(
        f"""SELECT CASE WHEN h.actor_kind = 'manager' THEN h.actor_id END AS manager_id, COUNT(*) AS closed
            FROM dialogs d LEFT JOIN history h ON h.id = (
                SELECT MAX(c.id) FROM history c WHERE c.dialog_id = d.id AND c.kind = 'dialog_closed')
            WHERE d.bot_id = :bot AND d.closed_at >= :from_at AND d.closed_at < :to_at {narrow(scope)}
            GROUP BY 1""",
        **values_of(tx, scope),
    )


def tags(tx: Tx, scope: ReportScope) -> list[Row]:
    """tag and dialogs: how many dialogs opened in the period have it, the commonest first."""
    return tx.all(
        f"""SELECT l.name AS tag, COUNT(*) AS dialogs
            FROM dialogs d JOIN dialog_labels x ON x.dialog_id = d.id JOIN lists l ON l.id = x.list_id
            WHERE d.bot_id = :bot AND d.created_at >= :from_at AND d.created_at < :to_at AND l.kind = 'tags'
            {narrow(scope)} GROUP BY l.name ORDER BY 2 DESC, 1""",
        **values_of(tx, scope),
    )


def outcomes(tx: Tx, scope: ReportScope) -> list[Row]:
    """reason, outcome and dialogs: of dialogs closed in the period.

    A reason in somebody's own words counts as none. Merged dialogs are left out, because they have not ended.
    """
    return tx.all(
        f"""SELECT CASE WHEN EXISTS (SELECT 1 FROM lists l WHERE l.bot_id = d.bot_id
                   AND l.kind = 'close_reasons' AND l.name = d.close_reason) THEN d.close_reason END AS reason,
                   d.outcome, COUNT(*) AS dialogs
            FROM dialogs d WHERE d.bot_id = :bot AND d.closed_at >= :from_at AND d.closed_at < :to_at
            AND d.merged_into IS NULL {narrow(scope)} GROUP BY 1, 2""",
        **values_of(tx, scope),
    )


def forms(tx: Tx, scope: ReportScope) -> Row:
    """sent: rating forms of the period that arrived; replied: how many of them have been answered so far."""
    row = tx.one(
        f"""SELECT COUNT(*) AS sent, COUNT(r.value) AS replied FROM ratings r
            WHERE r.bot_id = :bot AND r.sent_at >= :from_at AND r.sent_at < :to_at
            AND r.state NOT IN ('offered', 'failed') {narrow(scope, "r.dialog_id")}""",
        **values_of(tx, scope),
    )
    assert row is not None
    return row


def ratings(tx: Tx, scope: ReportScope) -> list[Row]:
    """value and n: the ratings that customers gave in the period."""
    return tx.all(
        f"""SELECT r.value, COUNT(*) AS n FROM ratings r
            WHERE r.bot_id = :bot AND r.answered_at >= :from_at AND r.answered_at < :to_at
            {narrow(scope, "r.dialog_id")} GROUP BY r.value""",
        **values_of(tx, scope),
    )


def customer_scores(tx: Tx, scope: ReportScope) -> Row:
    """count and mean of the scores that managers gave when they closed dialogs in the period."""
    row = tx.one(
        f"""SELECT COUNT(d.customer_score) AS count, AVG(CAST(d.customer_score AS REAL)) AS mean FROM dialogs d
            WHERE d.bot_id = :bot AND d.closed_at >= :from_at AND d.closed_at < :to_at {narrow(scope)}""",
        **values_of(tx, scope),
    )
    assert row is not None
    return row


def smart_replies(tx: Tx, scope: ReportScope) -> Row:
    """`given`, `dropped`, `helped` and `person`: automatic answers of the period, and what customers said in it. An
    answer belongs to no team and no type.
    """
    given = "a.created_at >= :from_at AND a.created_at < :to_at"
    said = "a.feedback_at >= :from_at AND a.feedback_at < :to_at"
    row = tx.one(
        f"""SELECT COALESCE(SUM(CASE WHEN m.status = 'sent' AND {given} THEN 1 ELSE 0 END), 0) AS given,
                   COALESCE(SUM(CASE WHEN m.status = 'dropped' AND {given} THEN 1 ELSE 0 END), 0) AS dropped,
                   COALESCE(SUM(CASE WHEN a.feedback = 'helped' AND {said} THEN 1 ELSE 0 END), 0) AS helped,
                   COALESCE(SUM(CASE WHEN a.feedback = 'person' AND {said} THEN 1 ELSE 0 END), 0) AS person
            FROM smart_answers a JOIN messages m ON m.id = a.message_id
            WHERE a.bot_id = :bot AND a.created_at < :to_at
            AND (a.created_at >= :from_at OR a.feedback_at >= :from_at)""",
        bot=tx.bot_id,
        from_at=scope.from_at,
        to_at=scope.to_at,
    )
    assert row is not None
    return {name: int(number) for name, number in row.items()}
