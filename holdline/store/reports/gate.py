"""Marketing of customers who had a dialog in the period, and when these dialogs held their gate."""

from holdline.dialogs.reports.kinds import ReportScope
from holdline.store.marketing.held import DROPPED_BY_HAND
from holdline.store.reports.scope import narrow, values_of
from holdline.store.tx import Row, Tx

_IS_MARKETING = "m.class IN ('funnel', 'broadcast', 'smart_reply')"
"""Worded exactly like the index of marketing messages, so that the index is used."""


def _customers(scope: ReportScope) -> str:
    """Customers whose gate a dialog of the scope may have held in the period."""
    return f"""SELECT d.customer_id FROM dialogs d
        WHERE d.bot_id = :bot AND d.state IN ('active', 'paused') AND +d.created_at < :to_at {narrow(scope)}
        UNION SELECT d.customer_id FROM dialogs d
        WHERE d.bot_id = :bot AND d.closed_at >= :from_at AND d.created_at < :to_at {narrow(scope)}"""


def find_marketing(tx: Tx, scope: ReportScope) -> list[Row]:
    """customer_id, created_at, settled_at, status, class, dropped_by_hand: one row per message, as of its first
    part.
    """
    return tx.all(
        f"""SELECT m.customer_id, m.created_at, o.settled_at, o.status, m.class,
                   CASE WHEN o.error = '{DROPPED_BY_HAND}' THEN 1 ELSE 0 END AS dropped_by_hand
            FROM ({_customers(scope)}) held JOIN messages m ON m.customer_id = held.customer_id
            JOIN outbox o ON o.id = (SELECT MIN(f.id) FROM outbox f
                                     WHERE f.message_id = m.id AND f.audience = 'customer')
            WHERE {_IS_MARKETING} AND m.created_at < :to_at
            AND (o.settled_at IS NULL OR o.settled_at >= :from_at)""",
        **values_of(tx, scope),
    )


def moves(tx: Tx, scope: ReportScope) -> list[Row]:
    """customer_id, dialog_id, kind, created_at of the moves that held or opened these gates, in order.

    Only for customers with marketing messages: of a million dialogs most have none.
    """
    return tx.all(
        f"""SELECT h.customer_id, h.dialog_id, h.kind, h.created_at
            FROM ({_customers(scope)}) held JOIN history h ON h.customer_id = held.customer_id
            WHERE EXISTS (SELECT 1 FROM messages m WHERE m.customer_id = held.customer_id AND {_IS_MARKETING})
            AND h.kind IN ('dialog_opened', 'dialog_paused', 'dialog_resumed', 'dialog_closed')
            {narrow(scope, "h.dialog_id")} ORDER BY h.id""",
        **values_of(tx, scope),
    )
