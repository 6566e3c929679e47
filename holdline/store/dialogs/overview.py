"""A customer's dialogs in short, and the topics that repeat."""

from datetime import datetime

from holdline.store.tx import Row, Tx, placeholders

_OPEN = "d.state <> 'closed'"


def page(
    tx: Tx,
    customer_id: int,
    *,
    state: str | None = None,
    newest_first: bool = True,
    after: int | None = None,
    limit: int = 50,
) -> list[Row]:
    """Dialogs by id: title, assignee, time of the last message. `state` may be `open`: any state but closed."""
    narrowed = "TRUE" if state is None else _OPEN if state == "open" else "d.state = :state"
    values = {"state": state} if "state = :state" in narrowed else {}
    step, order = ("<", "DESC") if newest_first else (">", "ASC")
    return tx.all(
        f"""SELECT d.id, d.title, d.state, d.channel, d.created_at, d.closed_at, m.name AS assignee_name,
                   COALESCE((SELECT w.created_at FROM messages w WHERE w.dialog_id = d.id
                             ORDER BY w.id DESC LIMIT 1), d.created_at) AS last_at
            FROM dialogs d LEFT JOIN managers m ON m.id = d.assignee_id
            WHERE +d.bot_id = :bot AND d.customer_id = :customer AND {narrowed}
            AND (CAST(:after AS BIGINT) IS NULL OR d.id {step} :after)
            ORDER BY d.id {order} LIMIT :limit""",
        bot=tx.bot_id,
        customer=customer_id,
        after=after,
        limit=limit,
        **values,
    )


def tags_of(tx: Tx, dialog_ids: list[int]) -> list[Row]:
    """{"dialog_id", "name", "source"}; the source is manager, rule or model."""
    if not dialog_ids:
        return []
    among, values = placeholders(dialog_ids)
    return tx.all(
        f"""SELECT x.dialog_id, l.name, CASE x.source WHEN 'service' THEN 'model' ELSE x.source END AS source
            FROM dialog_labels x JOIN lists l ON l.id = x.list_id
            WHERE l.kind = 'tags' AND x.dialog_id IN ({among}) ORDER BY x.dialog_id, l.name""",
        **values,
    )


def list_repeated_tags(tx: Tx, customer_id: int, *, since: datetime) -> list[Row]:
    """Tags of two or more of the dialogs opened since then, the most frequent first."""
    return tx.all(
        """SELECT l.name, COUNT(*) AS times
           FROM dialogs d JOIN dialog_labels x ON x.dialog_id = d.id JOIN lists l ON l.id = x.list_id
           WHERE +d.bot_id = :bot AND d.customer_id = :customer AND d.created_at >= :since AND l.kind = 'tags'
           GROUP BY l.name HAVING COUNT(*) > 1 ORDER BY COUNT(*) DESC, l.name""",
        bot=tx.bot_id,
        customer=customer_id,
        since=since,
    )
