"""Invariants of erased customers, made from the table map."""

from holdline.store.invariants.invariant import Invariant
from holdline.store.privacy.table_map import TABLES
from holdline.store.privacy.table_rule import OF_CUSTOMER, OF_DIALOGS, STRINGS_REMOVED, TableRule

_PLAIN = ("''", "NULL", "'{}'", "'[]'")
"""What a column holds after an erasure, where it can be compared at once."""


def _values_left(rule: TableRule) -> str:
    """The rows of the table that still hold a value of an erased customer, and were there before the erasure."""
    of = "t.customer_id = e.customer_id" if rule.rows == OF_CUSTOMER else "d.customer_id = e.customer_id"
    join = "" if rule.rows == OF_CUSTOMER else "JOIN dialogs d ON d.id = t.dialog_id"
    blanks = {name: sql for name, sql in rule.personal.items() if sql in _PLAIN}
    left = " OR ".join(
        f"t.{name} IS NOT NULL" if sql == "NULL" else f"t.{name} <> {sql}" for name, sql in blanks.items()
    )
    at_that_time = "AND t.created_at <= e.ended_at" if "created_at" in rule.kept.split() else ""
    return f"""SELECT '{rule.name}' AS place, e.customer_id FROM {rule.name} t {join}
        JOIN erasures e ON {of} WHERE e.state = 'done' {at_that_time} AND ({left})"""


_COMPARED = [
    rule
    for rule in TABLES
    if rule.rows in (OF_CUSTOMER, OF_DIALOGS)
    and not rule.deleted
    and any(sql in _PLAIN for sql in rule.personal.values())
    and STRINGS_REMOVED not in rule.personal.values()
]

PRIVACY = (
    Invariant(
        "erased_hold_no_values",
        "an erased customer has no name, no Telegram id and no words",
        """SELECT 'customers' AS place, e.customer_id FROM customers t JOIN erasures e ON t.id = e.customer_id
           WHERE e.state = 'done' AND (t.telegram_id > 0 OR t.username IS NOT NULL OR t.fields_json IS NOT NULL)
           UNION ALL """
        + " UNION ALL ".join(map(_values_left, _COMPARED)),
        "erase the customer again with `holdline erase ID`, and report how it came about",
    ),
    Invariant(
        "erasure_keeps_no_values",
        "an erasure that is over keeps none of the values that it looked for",
        """SELECT id, customer_id, state FROM erasures
           WHERE (ended_at IS NOT NULL) <> (state = 'done') OR (state = 'done' AND values_json IS NOT NULL)""",
    ),
)
