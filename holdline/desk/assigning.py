"""Assignment follows intervention; reading never assigns."""

from datetime import timedelta

from holdline.desk import participants, people, places, views
from holdline.desk.managers import allow
from holdline.dialogs.dialog import Dialog, Person
from holdline.dialogs.event import Event
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import WrongState
from holdline.store import dialogs, history, managers
from holdline.store import places as place_rows
from holdline.store.tx import Tx

INTERVENTION = "intervention"
TOLD_ONCE_IN = timedelta(minutes=10)


def intervened(tx: Tx, manager: Manager, dialog: Dialog, *, before: int | None = None) -> bool:
    """Who acts, owns: the assignment moves (unless the desk keeps it), and the former assignee is told.

    Whoever is new to the dialog sees the last messages of it; `before` is what they say themselves.
    """
    if all(person.id != manager.id for person in dialog.participants):
        participants.add_participant(tx, dialog.id, manager)
        places.for_dialog(tx, dialogs.by_id(tx, dialog.id), before=before)
    if dialog.assignee is not None and (dialog.assignee.id == manager.id or tx.rules.only_if_unassigned):
        return False
    _assign(tx, manager, dialog, manager, cause=INTERVENTION)
    return True


def assign_dialog(tx: Tx, *, manager: Manager, dialog_id: int, assignee_telegram_id: int | None) -> Dialog:
    """Give it to somebody (who is told), or to nobody."""
    allow(tx, manager, "dialog.update")
    dialog = _living(tx, dialog_id)
    if assignee_telegram_id is None:
        _assign(tx, manager, dialog, None, cause="withdrawn")
        return _shown(tx, dialog.id)
    target = participants.colleague(tx, assignee_telegram_id)
    if target.id != manager.id:
        allow(tx, manager, "dialog.assign")
    participants.add_participant(tx, dialog.id, target)
    _assign(tx, manager, dialog, target, cause="assigned")
    if target.id != manager.id:
        words = {"id": dialog.id, "title": dialog.title, "who": manager.name}
        views.tell_manager(tx, target.telegram_id, "desk_notices.assigned_to_you", words, dialog_id=dialog.id)
    return _shown(tx, dialog.id)


def take_dialog(tx: Tx, *, manager: Manager, dialog_id: int) -> Dialog:
    """Assign it to oneself."""
    return assign_dialog(tx, manager=manager, dialog_id=dialog_id, assignee_telegram_id=manager.telegram_id)


def set_ready(tx: Tx, *, manager: Manager, ready: bool) -> Manager:
    """Ready managers are counted on; away ones are not. Says nothing about rights."""
    participants.refuse_if_left(tx, manager)
    return managers.update(tx, manager.id, ready=ready)


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
    place = place_rows.live(tx, manager.telegram_id, dialog_id)
    if place is not None and places.staff_group(tx):
        place_rows.leave(tx, place["id"])
        views.place_ended(tx, place)


def _living(tx: Tx, dialog_id: int) -> Dialog:
    dialog = dialogs.locked(tx, dialog_id)
    if dialog.state == "closed":
        raise WrongState(event="assign", state=dialog.state, obj=dialog.as_object)
    return dialog


def _assign(tx: Tx, actor: Manager, dialog: Dialog, target: Manager | None, *, cause: str) -> None:
    before = dialog.assignee
    if (before.id if before else None) == (target.id if target else None):
        return
    dialogs.set_fields(tx, dialog.id, assignee_id=target.id if target else None)
    told = cause == INTERVENTION and before is not None and _told_lately(tx, dialog, before)
    kind = "dialog_assigned" if target else "assignment_withdrawn"
    data = {
        "from": before.telegram_id if before else None,
        "to": target.telegram_id if target else None,
        "to_name": target.name if target else None,
        "cause": cause,
    }
    history.add(tx, [Event(kind, people.by_manager(actor), dialog.customer_id, dialog.id, data=data)])
    if before is not None and before.id != actor.id and not told:
        words = {"id": dialog.id, "title": dialog.title, "who": target.name if target else "—"}
        key, back = (
            "desk_notices.assignment_moved",
            {"key": "desk_notices.take_back", "data": f"dlg.take:{dialog.id}"},
        )
        views.tell_manager(tx, before.telegram_id, key, words, dialog_id=dialog.id, buttons=[[back]])


def _told_lately(tx: Tx, dialog: Dialog, person: Person) -> bool:
    """Two who work in one dialog take it from each other with every line: each of them hears of it once.

    Unless it was given to them, or taken back by them, since.
    """
    for move in history.assignments(tx, dialog.id, since=tx.at - TOLD_ONCE_IN):
        if move["from"] == person.telegram_id:
            return True
        if move["to"] == person.telegram_id and move["cause"] != INTERVENTION:
            return False
    return False


def _shown(tx: Tx, dialog_id: int) -> Dialog:
    after = dialogs.by_id(tx, dialog_id)
    places.for_dialog(tx, after)
    views.dialog_changed(tx, after)
    return after
