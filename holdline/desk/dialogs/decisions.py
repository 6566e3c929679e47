"""Carries out a decision: stores and records it, in the transaction that loaded the dialog under its lock."""

from dataclasses import replace

from holdline.desk.dialogs.labels import label_ids, root_cause_id, stage_id
from holdline.desk.notices.views import Where
from holdline.desk.record import record
from holdline.dialogs.decisions.decision import Decision, differences
from holdline.dialogs.dialog import Dialog
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx

_COLUMNS = (
    "state",
    "paused_until_at",
    "closed_at",
    "customer_score",
    "close_reason",
    "close_comment",
    "outcome",
    "merged_into",
)
_BY_NAME = {"stage": ("stage_id", stage_id), "root_cause": ("root_cause_id", root_cause_id)}
"""Fields whose values are names in the desk's lists: the column, and the function that finds the row or refuses the
name.
"""


def carry_out(tx: Tx, decision: Decision, *, before: Dialog, typed_in: Where | None = None) -> Dialog:
    """Stores and records the decision; returns the dialog as it is after all reactions."""
    fields = {
        name: getattr(decision.dialog, name) for name in differences(before, decision.dialog, names=_COLUMNS)
    }
    for name in differences(before, decision.dialog, names=_BY_NAME):
        column, id_of = _BY_NAME[name]
        fields[column] = id_of(tx, getattr(decision.dialog, name))
    dialogs.set_fields(tx, before.id, **fields)
    if decision.dialog.root_causes != before.root_causes:
        carried = dialogs.labels(tx, before.id, "root_causes")
        ids = label_ids(tx, "root_causes", decision.dialog.root_causes, carried=carried)
        dialogs.set_labels(tx, before.id, "root_causes", ids)
    record(tx, [replace(event, typed_in=typed_in) for event in decision.events])
    return dialogs.by_id(tx, before.id)
