"""Changes of a dialog's fields: collected by the form, applied in one go, one line of history."""

from typing import Any

from holdline.desk.dialogs.assignment import require_may_take_over
from holdline.desk.dialogs.labels import label_ids, stage_id, type_id
from holdline.desk.notices import views
from holdline.desk.people import participants
from holdline.desk.people.managers import require_permission
from holdline.desk.record import record
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, WrongState
from holdline.dialogs.turns.opening import valid_title
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx

LABELS = ("reasons", "components", "tags")
CHANGEABLE_WHEN_CLOSED = {"tags"}
"""What a closed dialog still takes; like a note, it moves neither state nor assignment."""
FIELDS = ("title", "type", "stage", "participants", *LABELS)


def change_dialog(tx: Tx, *, manager: Manager, dialog_id: int, changes: dict[str, Any]) -> Dialog:
    """`changes`: any of title, type, stage, participants (Telegram ids), reasons, components, tags (names)."""
    require_permission(tx, manager, "dialog.update")
    for name in changes:
        if name not in FIELDS:
            raise BadInput(name, "unknown_field")
    before = dialogs.load_locked(tx, dialog_id)
    require_may_take_over(tx, manager, before)
    if before.state == "closed" and set(changes) - CHANGEABLE_WHEN_CLOSED:
        raise WrongState(state=before.state, obj=before.as_object)
    for name, value in changes.items():
        _apply(tx, manager, before, name, value)
    after = dialogs.by_id(tx, dialog_id)
    differences = _differences(before, after)
    if not differences:
        return after
    actor, data = manager.as_actor(), {"changes": differences}
    record(tx, [Event(EventKind.DIALOG_CHANGED, actor, before.customer_id, before.id, data=data)])
    return dialogs.by_id(tx, dialog_id)


def begin_handling(tx: Tx, event: Event) -> None:
    """The first answer moves a new dialog on."""
    if event.before is not None and event.before.stage == "New":
        dialogs.set_fields(tx, event.before.id, stage_id=stage_id(tx, "In handling"))
        views.refresh_cards(tx, event.before)


def _apply(tx: Tx, manager: Manager, before: Dialog, name: str, value: Any) -> None:
    if name == "title":
        dialogs.set_fields(tx, before.id, title=valid_title(value))
    elif name == "type":
        dialogs.set_fields(tx, before.id, type_id=type_id(tx, value))
    elif name == "stage":
        dialogs.set_fields(tx, before.id, stage_id=stage_id(tx, value))
    elif name == "participants":
        _set_participants(tx, manager, before, value)
    else:
        carried = dialogs.labels(tx, before.id, name)
        dialogs.set_labels(tx, before.id, name, label_ids(tx, name, value, carried=carried))


def _set_participants(tx: Tx, manager: Manager, before: Dialog, telegram_ids: list[int]) -> None:
    """At least one stays; the assignee always does."""
    wanted = set(telegram_ids) | ({before.assignee.telegram_id} if before.assignee else set())
    if not wanted:
        raise BadInput("participants", "participants_empty")
    present = {person.telegram_id for person in before.participants}
    new = [participants.lock_colleague(tx, telegram_id) for telegram_id in sorted(wanted - present)]
    for person in before.participants:
        if person.telegram_id not in wanted:
            participants.remove_participant(tx, before, person, by=manager)
    for other in new:
        participants.add_participant(tx, before, other, by=manager)


def _differences(before: Dialog, after: Dialog) -> dict[str, list[Any]]:
    """Field → [before, after], only where they differ."""
    return {
        name: [_plain(getattr(before, name)), _plain(getattr(after, name))]
        for name in FIELDS
        if getattr(before, name) != getattr(after, name)
    }


def _plain(value: Any) -> Any:
    return [getattr(each, "name", each) for each in value] if isinstance(value, tuple) else value
