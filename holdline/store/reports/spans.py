"""How long somebody waited: customers for replies of people, and dialogs until their close."""

from holdline.dialogs.reports.kinds import ReportScope
from holdline.store.conversation.messages import NEVER_ARRIVED
from holdline.store.reports.scope import narrow, values_of
from holdline.store.tx import Row, Tx

REPLY = f"""{{r}}.direction = 'out' AND {{r}}.class = 'manager' AND {{r}}.deleted_at IS NULL
    AND {{r}}.status NOT IN {NEVER_ARRIVED}"""
"""A person's message that was sent to the customer; `{r}` is the message. No automatic message, note or draft."""

_WAIT_ENDED = """SELECT 1 FROM history h
    WHERE h.customer_id = i.customer_id AND h.created_at > i.created_at AND h.created_at < r.created_at
    AND ((h.kind IN ('dialog_paused', 'dialog_closed') AND h.dialog_id = COALESCE(i.dialog_id, i.moved_to_dialog_id))
         OR (h.kind IN ('inbox_item_ignored', 'inbox_ignored') AND i.dialog_id IS NULL))"""
"""A wait ends without an answer when the dialog is paused or closed, or the Inbox item is ignored.

History lines are never changed: the first of the two names is in lines written before it was renamed.
"""


def replies(tx: Tx, scope: ReportScope) -> list[Row]:
    """One row for each reply in the period: replied_at, since_at, is_first, policy_id.

    since_at: the time of the customer's oldest unanswered message, or None. is_first: the dialog had no reply before
    (outside dialogs every answer is a first one). policy_id: the SLA policy of the dialog.
    """
    r, p = REPLY.format(r="r"), REPLY.format(r="p")
    return tx.all(
        f"""SELECT r.created_at AS replied_at,
                   (SELECT d.sla_policy_id FROM dialogs d WHERE d.id = r.dialog_id) AS policy_id,
                   (SELECT MIN(i.created_at) FROM messages i
                    WHERE i.customer_id = r.customer_id AND i.direction = 'in' AND i.id < r.id
                    AND i.id > COALESCE((SELECT p.id FROM messages p WHERE p.customer_id = r.customer_id
                                         AND p.id < r.id AND {p} ORDER BY p.id DESC LIMIT 1), 0)
                    AND NOT EXISTS ({_WAIT_ENDED})) AS since_at,
                   (r.dialog_id IS NULL OR NOT EXISTS (
                       SELECT 1 FROM messages p WHERE p.dialog_id = r.dialog_id AND p.id < r.id AND {p})) AS is_first
            FROM messages r
            WHERE r.bot_id = :bot AND r.created_at >= :from_at AND r.created_at < :to_at AND {r}
            {narrow(scope, "r.dialog_id")}""",
        **values_of(tx, scope),
    )


def resolutions(tx: Tx, scope: ReportScope) -> list[Row]:
    """Of each dialog closed in the period: closed_at, policy_id; since_at: the message that led to it, or its
    opening.
    """
    return tx.all(
        f"""SELECT d.closed_at, d.sla_policy_id AS policy_id, COALESCE((SELECT MIN(i.created_at) FROM messages i
                                          WHERE i.moved_to_dialog_id = d.id AND i.direction = 'in'
                                          AND i.created_at < d.created_at), d.created_at) AS since_at
            FROM dialogs d
            WHERE d.bot_id = :bot AND d.closed_at >= :from_at AND d.closed_at < :to_at {narrow(scope)}""",
        **values_of(tx, scope),
    )


def reply_counts(tx: Tx, scope: ReportScope) -> list[Row]:
    """manager_id and replies: how many replies in the period; an album counts as one."""
    return tx.all(
        f"""SELECT r.manager_id, COUNT(DISTINCT COALESCE(r.album_id, CAST(r.id AS TEXT))) AS replies FROM messages r
            WHERE r.bot_id = :bot AND r.created_at >= :from_at AND r.created_at < :to_at AND {REPLY.format(r="r")}
            {narrow(scope, "r.dialog_id")} GROUP BY r.manager_id""",
        **values_of(tx, scope),
    )
