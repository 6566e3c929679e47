"""Invariants of funnels: each enrolment continues or is over, and nobody waits for two messages at once."""

from holdline.store.invariants.invariant import Invariant

FUNNELS = (
    Invariant(
        "funnel_has_its_version",
        "a funnel has the version that it names",
        """SELECT f.id, f.version FROM funnels f
           LEFT JOIN funnel_versions v ON v.funnel_id = f.id AND v.version = f.version WHERE v.id IS NULL""",
    ),
    Invariant(
        "enrolment_keeps_its_version",
        "an enrolment goes by a version of its own funnel",
        """SELECT e.id, e.funnel_id, e.version_id FROM enrolments e
           LEFT JOIN funnel_versions v ON v.id = e.version_id WHERE v.id IS NULL OR v.funnel_id <> e.funnel_id""",
    ),
    Invariant(
        "enrolment_goes_on",
        "a running enrolment has its next moment, a message on the way, or a press that was kept",
        """SELECT e.id, e.customer_id, e.phase FROM enrolments e
           WHERE e.state = 'running' AND e.next_at IS NULL AND e.kept_press IS NULL AND NOT EXISTS (
               SELECT 1 FROM outbox o WHERE o.enrolment_id = e.id
               AND (o.status IN ('queued', 'sending') OR o.settled_at > CAST(:at AS BIGINT) - 600000000))""",
        "it goes on within minutes by itself while `holdline run` is at work; if not, report it with these ids",
    ),
    Invariant(
        "enrolment_ends_for_good",
        "an enrolment that is over says when, and waits for nothing",
        """SELECT id, state FROM enrolments WHERE (state = 'running') <> (ended_at IS NULL)
           OR (state <> 'running' AND (next_at IS NOT NULL OR kept_press IS NOT NULL))""",
    ),
    Invariant(
        "one_message_of_a_funnel",
        "no two messages of one funnel wait for the same customer",
        """SELECT e.funnel_id, e.customer_id, COUNT(DISTINCT o.message_id) AS waiting FROM outbox o
           JOIN enrolments e ON e.id = o.enrolment_id WHERE o.status = 'queued'
           GROUP BY e.funnel_id, e.customer_id HAVING COUNT(DISTINCT o.message_id) > 1""",
    ),
    Invariant(
        "nothing_of_an_ended_enrolment",
        "no message waits of an enrolment that is over",
        """SELECT o.id, o.enrolment_id FROM outbox o JOIN enrolments e ON e.id = o.enrolment_id
           WHERE o.status = 'queued' AND e.state <> 'running'""",
    ),
    Invariant(
        "message_of_the_enrolled",
        "a funnel's message goes to the customer who is enrolled",
        """SELECT o.id, o.customer_id FROM outbox o JOIN enrolments e ON e.id = o.enrolment_id
           WHERE o.customer_id <> e.customer_id""",
    ),
    Invariant(
        "no_funnel_after_stop",
        "nobody who asked for no more marketing is on the way through a funnel",
        """SELECT e.id, e.customer_id FROM enrolments e JOIN customers c ON c.id = e.customer_id
           WHERE e.state = 'running' AND c.opted_out_at IS NOT NULL""",
    ),
)
