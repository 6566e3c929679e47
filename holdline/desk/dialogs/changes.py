"""Changes of a dialog's fields: the form collects them, they are applied together and make one line of history."""

from dataclasses import replace
from typing import Any

from holdline.desk.dialogs.assignment import require_may_take_over
from holdline.desk.dialogs.labels import stage_id
from holdline.desk.dialogs.values import set_value
from holdline.desk.people import participants
from holdline.desk.people.managers import require_permission
from holdline.desk.record import record
from holdline.dialogs.decisions import changes as rules
from holdline.dialogs.decisions.participants import change_participants
from holdline.dialogs.dialog import FIRST_STAGE, HANDLING_STAGE, REVIEW_STAGE, Dialog
from holdline.dialogs.event import Actor, Event
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act
from holdline.store.conversation import drafts
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx


def change_dialog(tx: Tx, *, manager: Manager, dialog_id: int, changes: dict[str, Any]) -> Dialog:
    """Applies `changes`, any of `rules.FIELDS`: participants as Telegram ids, lists as names; None clears queue and
    due_at.
    """
    require_permission(tx, manager, Act.CHANGE_DIALOG)
    rules.refuse_unknown_fields(changes)
    before = dialogs.load_locked(tx, dialog_id)
    require_may_take_over(tx, manager, before)
    rules.refuse_changes_of_closed(before, changes)
    for name, value in changes.items():
        if name == "participants":
            _set_participants(tx, manager, before, value)
        else:
            set_value(tx, dialog_id, name, value)
    decision = rules.change(before, dialogs.by_id(tx, dialog_id), by=manager.as_actor())
    record(tx, decision.events)
    return dialogs.by_id(tx, dialog_id)


def change_by(tx: Tx, actor: Actor, before: Dialog, changes: dict[str, Any]) -> None:
    """Applies the changes that a rule makes; assigns the dialog to nobody."""
    rules.refuse_changes_of_closed(before, changes)
    for name, value in changes.items():
        set_value(tx, before.id, name, value, source="rule")
    record(tx, rules.change(before, dialogs.by_id(tx, before.id), by=actor).events)


def begin_handling(tx: Tx, event: Event) -> None:
    """Moves a new dialog to the handling stage at its first answer."""
    if event.before is not None and event.before.stage == FIRST_STAGE:
        _move_stage(tx, event, HANDLING_STAGE, cause=rules.FOLLOWS_REPLY)


def begin_review(tx: Tx, event: Event) -> None:
    """Moves the dialog to the review stage when a draft waits for approval."""
    _move_stage(tx, event, REVIEW_STAGE, cause=rules.FOLLOWS_DRAFT)


def end_review(tx: Tx, event: Event) -> None:
    """Moves the dialog back to the handling stage when no draft waits for approval any longer."""
    if not drafts.waits_in(tx, event.dialog_id or 0):
        _move_stage(tx, event, HANDLING_STAGE, cause=rules.FOLLOWS_DRAFT)


def _move_stage(tx: Tx, event: Event, name: str, *, cause: str) -> None:
    """Sets a stage as a consequence of something else: recorded in history too, but assigns nobody."""
    before = dialogs.of_event(tx, event)
    if before.stage == name:
        return
    dialogs.set_fields(tx, before.id, stage_id=stage_id(tx, name))
    decision = rules.change(before, replace(before, stage=name), by=event.actor, cause=cause)
    record(tx, decision.events)


def _set_participants(tx: Tx, manager: Manager, before: Dialog, telegram_ids: list[int]) -> None:
    change = change_participants(before, telegram_ids)
    new = [participants.lock_colleague(tx, telegram_id) for telegram_id in change.joining]
    for person in change.leaving:
        participants.remove_participant(tx, before, person, by=manager.as_actor())
    for other in new:
        participants.add_participant(tx, before, other, by=manager.as_actor())
    if new or change.leaving:
        dialogs.set_fields(tx, before.id)
