"""SLA promises that were kept or broken in a period."""

from holdline.dialogs.reports.kinds import ReportScope
from holdline.store.reports.scope import narrow, values_of
from holdline.store.tx import Row, Tx


def count_promises(tx: Tx, scope: ReportScope) -> list[Row]:
    """name, met (1 or 0) and n: kept promises by the time they were met, broken ones by the time they were due."""
    return tx.all(
        f"""SELECT c.name, CASE c.state WHEN 'met' THEN 1 ELSE 0 END AS met, COUNT(*) AS n FROM sla_clocks c
            WHERE c.bot_id = :bot AND (c.state IN ('met', 'breached') OR (c.state = 'running' AND c.due_at < :now))
            AND CASE c.state WHEN 'met' THEN c.stopped_at ELSE c.due_at END >= :from_at
            AND CASE c.state WHEN 'met' THEN c.stopped_at ELSE c.due_at END < :to_at {narrow(scope, "c.dialog_id")}
            GROUP BY c.name, CASE c.state WHEN 'met' THEN 1 ELSE 0 END""",
        now=tx.at,
        **values_of(tx, scope),
    )
