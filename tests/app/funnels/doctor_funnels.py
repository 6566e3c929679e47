"""SQL statements that break the invariants of funnels, and the rule that must report each."""

_FUNNEL = (
    "INSERT INTO funnels (bot_id, name, version, created_at, changed_at) SELECT bot_id, 'F', 1, 1, 1 FROM customers"
    " WHERE id = 1"
)
_VERSION = (
    "INSERT INTO funnel_versions (funnel_id, version, definition_json, created_at)"
    " SELECT MAX(id), 1, '{{}}', 1 FROM funnels"
)
_ENROLLED = (
    "INSERT INTO enrolments (bot_id, funnel_id, version_id, customer_id, position, next_at, entry, created_at)"
    " SELECT c.bot_id, f.id, v.id, c.id, '0', 1, 'api', 1 FROM customers c, funnels f, funnel_versions v"
    " WHERE c.id = 1"
)
_HERE = [_FUNNEL, _VERSION, _ENROLLED]
_SAID = "UPDATE outbox SET enrolment_id = (SELECT MAX(id) FROM enrolments) WHERE class = 'funnel'"

FUNNEL_BREAKS = {
    "funnel_has_its_version": [_FUNNEL],
    "enrolment_keeps_its_version": [
        *_HERE,
        _FUNNEL.replace("'F'", "'G'"),
        "UPDATE enrolments SET funnel_id = (SELECT MAX(id) FROM funnels)",
    ],
    "enrolment_goes_on": [*_HERE, "UPDATE enrolments SET next_at = NULL"],
    "enrolment_ends_for_good": [*_HERE, "UPDATE enrolments SET state = 'left'"],
    "one_message_of_a_funnel": [
        *_HERE,
        "UPDATE outbox SET status = 'queued', settled_at = NULL,"
        " enrolment_id = (SELECT MAX(id) FROM enrolments) WHERE kind = 'message'",
    ],
    "nothing_of_an_ended_enrolment": [
        *_HERE,
        _SAID,
        "UPDATE enrolments SET state = 'left', next_at = NULL, ended_at = 1",
    ],
    "message_of_the_enrolled": [*_HERE, _SAID, "UPDATE enrolments SET customer_id = 2"],
    "no_funnel_after_stop": [*_HERE, "UPDATE customers SET opted_out_at = 1"],
}
