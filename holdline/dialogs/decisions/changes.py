"""Which fields of a dialog may be changed and when, and how history records a change."""

from collections.abc import Iterable
from typing import Any

from holdline.dialogs.decisions.decision import Decision, differences, plain_value
from holdline.dialogs.decisions.desk_fields import field_changes
from holdline.dialogs.decisions.transitions import refuse_closed
from holdline.dialogs.dialog import CARD_FIELDS, CLOSED_STAGE, PRIORITIES, Dialog
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.choices import require_one_of

FIELDS = (
    *CARD_FIELDS,
    "stage",
    "priority",
    "queue",
    "root_causes",
    "description",
    "due_at",
    "fields",
    "sla_policy",
)
FOLLOWS_REPLY, FOLLOWS_DRAFT, FOLLOWS_CLOSE = "reply", "draft", "close"
"""Causes of a stage or tag change that happened automatically. The act that caused it has its own line of history."""
CHANGEABLE_WHEN_CLOSED = frozenset({"tags"})
"""The fields that can be changed in a closed dialog. Like a note, such a change moves neither state nor assignment."""


def refuse_unknown_fields(names: Iterable[str]) -> None:
    """Raises BadInput with the first unknown name."""
    for name in names:
        if name not in FIELDS:
            raise BadInput(name, "unknown_field")


def refuse_changes_of_closed(dialog: Dialog, names: Iterable[str]) -> None:
    """Raises WrongState if the dialog is closed and any field is not `CHANGEABLE_WHEN_CLOSED`."""
    if not CHANGEABLE_WHEN_CLOSED.issuperset(names):
        refuse_closed(dialog)


def change(before: Dialog, after: Dialog, *, by: Actor, cause: str | None = None) -> Decision:
    """One line of history for all fields that differ, name → [from, to]. No event if none differs."""
    changed = {
        name: _from_to(name, getattr(before, name), getattr(after, name))
        for name in differences(before, after, names=FIELDS)
    }
    if not changed:
        return Decision(after, ())
    data: dict[str, Any] = {**changed, **({"cause": cause} if cause else {})}
    return Decision(after, (Event(EventKind.DIALOG_CHANGED, by, before.customer_id, before.id, data=data),))


def with_tags(carried: Iterable[str], added: Iterable[str]) -> list[str]:
    """The tags it has, then the new ones. Tags that differ only in case are the same."""
    carried = list(carried)
    known, new = {name.casefold() for name in carried}, {name.casefold(): name for name in added}
    return [*carried, *(name for key, name in new.items() if key not in known)]


def without_tags(carried: Iterable[str], removed: Iterable[str]) -> list[str]:
    """The remaining tags. Tags that differ only in case are the same."""
    gone = {name.casefold() for name in removed}
    return [name for name in carried if name.casefold() not in gone]


def valid_priority(name: str) -> str:
    """One of the four priorities, in any case."""
    return require_one_of(name.casefold(), PRIORITIES, field="priority")


def valid_stage(name: str) -> str:
    """Any stage except Closed, which only a close sets."""
    if name.strip().casefold() == CLOSED_STAGE.casefold():
        raise BadInput("stage", "stage_by_close")
    return name


def _from_to(name: str, before: Any, after: Any) -> list[Any]:
    """The desk fields are recorded together, and only those that differ."""
    return field_changes(before, after) if name == "fields" else [plain_value(before), plain_value(after)]
