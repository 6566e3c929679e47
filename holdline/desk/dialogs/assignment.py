"""Assignment follows intervention; reading never assigns."""

from dataclasses import replace

from holdline.desk.notices import places, views
from holdline.desk.people import participants, presence
from holdline.desk.people.managers import require_permission
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import WrongState
from holdline.store.dialogs import dialogs
from holdline.store.dialogs import places as place_rows
from holdline.store.people import managers
from holdline.store.tx import Tx


def assign_on_intervention(
    tx: Tx,
    manager: Manager,
    dialog: Dialog,
    *,
    before: int | None = None,
    cause: str = participants.INTERVENTION,
) -> None:
    """Who acts, owns: they take part and the assignment moves to them, unless the desk keeps it.

    Whoever is new to the dialog sees the last messages of it; `before` is what they say themselves. The caller tells of
    a MOVE.
    """
    if dialog.assignee is None or not tx.rules.only_if_unassigned:
        actor = manager.as_actor()
        participants.set_assignee(tx, dialog, manager, actor=actor, cause=cause, above=before)
    else:
        tells = cause != participants.MOVE
        participants.add_participant(tx, dialog, manager, by=manager, above=before, tells=tells)


def assign_to_actor(tx: Tx, event: Event) -> None:
    """Whoever paused or resumed a dialog has it then; colleagues are told of the move itself."""
    found = managers.by_id(tx, event.actor.id) if event.actor.kind == "manager" and event.actor.id else None
    if found is not None:
        mover = replace(found, name=event.actor.name)  # a name that Telegram tells may not be stored yet
        assign_on_intervention(tx, mover, dialogs.of_event(tx, event), cause=participants.MOVE)


def assign_dialog(tx: Tx, *, manager: Manager, dialog_id: int, assignee_telegram_id: int | None) -> Dialog:
    """Give it to somebody, or to nobody; those concerned are told."""
    require_permission(tx, manager, "dialog.update")
    dialog, actor = _lock_unless_closed(tx, dialog_id), manager.as_actor()
    target = None
    if assignee_telegram_id is not None:
        target = participants.lock_colleague(tx, assignee_telegram_id)
        if target.id != manager.id:
            require_permission(tx, manager, "dialog.assign")
    participants.set_assignee(tx, dialog, target, actor=actor, cause="assigned" if target else "withdrawn")
    after = dialogs.by_id(tx, dialog.id)
    places.ensure_for_dialog(tx, after)
    return after


def take_dialog(tx: Tx, *, manager: Manager, dialog_id: int) -> Dialog:
    """Assign it to oneself."""
    return assign_dialog(tx, manager=manager, dialog_id=dialog_id, assignee_telegram_id=manager.telegram_id)


def set_ready(tx: Tx, *, manager: Manager, ready: bool) -> Manager:
    """Ready managers are counted on; away ones are not. Says nothing about rights."""
    participants.refuse_if_left(tx, manager)
    return managers.update(tx, manager.id, **presence.presence_fields(tx, ready=ready))


def enter_dialog(tx: Tx, *, manager: Manager, dialog_id: int | None) -> Dialog | None:
    """From now on plain text in the manager's own chat belongs to this dialog; None leaves. Assigns nobody."""
    if manager.entered_dialog_id is not None and manager.entered_dialog_id != dialog_id:
        _leave(tx, manager, manager.entered_dialog_id)
    participants.refuse_if_left(tx, manager)
    managers.update(tx, manager.id, entered_dialog_id=dialog_id, entered_at=tx.at)
    if dialog_id is None:
        return None
    dialog = dialogs.by_id(tx, dialog_id)
    places.take_over(tx, manager.telegram_id, dialog)
    return dialog


def _leave(tx: Tx, manager: Manager, dialog_id: int) -> None:
    """With a staff group the private copy of the dialog ends; without one it is the manager's only place."""
    place = place_rows.find_live(tx, manager.telegram_id, dialog_id)
    if place is not None and places.staff_group(tx):
        place_rows.end(tx, place["id"])
        views.close_place_view(tx, place)


def _lock_unless_closed(tx: Tx, dialog_id: int) -> Dialog:
    dialog = dialogs.load_locked(tx, dialog_id)
    if dialog.state == "closed":
        raise WrongState(state=dialog.state, obj=dialog.as_object)
    return dialog
