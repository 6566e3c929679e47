"""Invariants of due dates and SLA clocks."""

from holdline.store.invariants.invariant import Invariant

_SAID = """m.deleted_at IS NULL AND m.status NOT IN ('cancelled', 'dropped', 'expired', 'parked')
           AND (m.dialog_id = d.id OR m.moved_to_dialog_id = d.id)"""

TIME = (
    Invariant(
        "who_waits_has_a_clock",
        "where a policy says how soon customers are answered, a clock runs for each who waits in an active dialog",
        f"""SELECT d.id, d.customer_id, p.name FROM dialogs d JOIN sla_policies p ON p.id = d.sla_policy_id
            WHERE d.state = 'active' AND EXISTS (
                SELECT 1 FROM messages m WHERE m.customer_id = d.customer_id AND m.author_kind = 'customer' AND {_SAID}
                AND m.id > COALESCE((SELECT MAX(m.id) FROM messages m
                                     WHERE m.customer_id = d.customer_id AND m.author_kind = 'manager' AND {_SAID}), 0))
            AND (p.next_response IS NOT NULL OR (p.first_response IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM messages m WHERE m.dialog_id = d.id AND m.author_kind = 'manager' AND {_SAID})))
            AND NOT EXISTS (SELECT 1 FROM sla_clocks c
                            WHERE c.dialog_id = d.id AND c.name <> 'resolution' AND c.stopped_at IS NULL)""",
        "change the dialog's priority or type and back: its clocks are counted anew",
    ),
    Invariant(
        "no_clock_runs_in_a_pause",
        "a clock runs only while its dialog is active",
        """SELECT c.id, c.dialog_id, d.state FROM sla_clocks c JOIN dialogs d ON d.id = c.dialog_id
           WHERE c.state = 'running' AND d.state <> 'active'""",
    ),
    Invariant(
        "one_answer_is_waited_for",
        "a dialog waits for one answer at a time, and for one close",
        """SELECT dialog_id, COUNT(*) AS clocks FROM sla_clocks WHERE stopped_at IS NULL
           GROUP BY dialog_id, CASE name WHEN 'resolution' THEN 1 ELSE 0 END HAVING COUNT(*) > 1""",
    ),
)
