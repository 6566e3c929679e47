"""Who has a dialog and who takes part in it: changed here alone, so that cards follow and those concerned are told."""

from datetime import timedelta

from holdline.desk.notices import places, views
from holdline.desk.record import record
from holdline.dialogs.dialog import Dialog, Person
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import NotAllowed, NotFound
from holdline.dialogs.verbs import DialogVerb, button_data
from holdline.store.dialogs import dialog_people, dialogs, history
from holdline.store.dialogs import places as place_rows
from holdline.store.people import managers
from holdline.store.tx import Tx

INTERVENTION = "intervention"
MOVE = "move"
"""Whoever pauses, resumes or closes a dialog has it then; who had it hears of that from `move_notices`."""
LEFT_DESK = "left"
TOLD_ONCE_IN = timedelta(minutes=10)


def lock_colleague(tx: Tx, telegram_id: int) -> Manager:
    """The manager with that id, for a dialog that is given to them; NotFound where nobody of the desk has it."""
    found = managers.lock_active(tx, telegram_id)
    if found is None:
        raise NotFound("manager", telegram_id)
    return found


def refuse_if_left(tx: Tx, manager: Manager) -> None:
    """Unlike `present` it lasts: the manager stays until the end of the unit. Asked after chats are locked."""
    if managers.lock_active(tx, manager.telegram_id) is None:
        raise NotAllowed("active", because="left_desk")


def put_first_participants(tx: Tx, dialog_id: int, team: list[Manager]) -> None:
    """Of a dialog that is being opened: no place shows it yet, and the tasks tell them."""
    for member in team:
        refuse_if_left(tx, member)
        dialog_people.add_participant(tx, dialog_id, member.id)


def add_participant(
    tx: Tx, dialog: Dialog, manager: Manager, *, by: Manager, above: int | None = None, tells: bool = True
) -> None:
    """The way into a dialog; a place made for whoever is new shows the last messages above that one."""
    if not _join(tx, dialog, manager, above=above) or not tells:
        return
    if by.id != manager.id:
        _tell(tx, manager.telegram_id, "added_to_dialog", dialog, who=by.name)
    elif dialog.assignee is not None and tx.rules.only_if_unassigned:
        _tell(tx, dialog.assignee.telegram_id, "joined_your_dialog", dialog, who=manager.name)


def remove_participant(tx: Tx, dialog: Dialog, person: Person, *, by: Manager | None) -> None:
    """`by` is nobody where they leave the desk: nothing of it is said to them any more."""
    dialog_people.remove_participant(tx, dialog.id, person.id)
    if by is not None:
        _end_own_view(tx, dialog, person)
    views.refresh_people_on_cards(tx, dialog)
    if by is not None and by.id != person.id:
        _tell(tx, person.telegram_id, "removed_from_dialog", dialog, who=by.name)


def _end_own_view(tx: Tx, dialog: Dialog, person: Person) -> None:
    """Whoever was taken off reads along no more in their own chat, unless they have entered the dialog themselves."""
    place = place_rows.find_live(tx, person.telegram_id, dialog.id)
    reader = managers.by_id(tx, person.id)
    if place is None or reader is None or reader.entered_dialog_id == dialog.id:
        return
    place_rows.end(tx, place["id"])
    views.close_place_view(tx, place)


def set_assignee(
    tx: Tx, dialog: Dialog, target: Manager | None, *, actor: Actor, cause: str, above: int | None = None
) -> None:
    """Who takes part from now on sees the last messages `above` that one in a place that is new to them."""
    former = dialog.assignee
    if (former.id if former else None) != (target.id if target else None):
        _hand_over(tx, dialog, target, actor=actor, cause=cause)
    if target is not None:
        _join(tx, dialog, target, above=above)


def tell_new_assignee(tx: Tx, event: Event) -> None:
    """Whoever has it now, unless they took it themselves."""
    dialog = dialogs.of_event(tx, event)
    if dialog.assignee is not None and not _is_same(dialog.assignee, event.actor):
        _tell(tx, dialog.assignee.telegram_id, "assigned_to_you", dialog, who=event.actor.name)


def tell_former_assignee(tx: Tx, event: Event) -> None:
    """Whoever had it, with the button that takes it back; of a MOVE they hear otherwise."""
    former, cause = event.before.assignee if event.before else None, event.data["cause"]
    if former is None or cause in (LEFT_DESK, MOVE) or _is_same(former, event.actor):
        return
    if cause == INTERVENTION and _was_told_lately(tx, event, former):
        return
    name, who = ("assignment_moved", event.data["to_name"]) if event.data["to"] else ("assignment_gone", "")
    _tell(tx, former.telegram_id, name, dialogs.of_event(tx, event), who=who, take="take_back")


def tell_remaining_participants(tx: Tx, event: Event) -> None:
    """Nobody has it any more. Whoever had it is told something else; where no other takes part, its places say it."""
    now, former = dialogs.of_event(tx, event), event.before.assignee if event.before else None
    others = [person for person in now.participants if former is None or person.id != former.id]
    for person in others:
        if not _is_same(person, event.actor):
            _tell(tx, person.telegram_id, "nobody_has_it", now, take="take")
    if not now.participants:
        words = {"id": now.id, "title": now.title}
        views.tell_dialog(tx, now, "desk_notices.nobody_has_it", words, buttons=[[_take(now, "take")]])


def _hand_over(tx: Tx, dialog: Dialog, target: Manager | None, *, actor: Actor, cause: str) -> None:
    if target is not None:
        refuse_if_left(tx, target)
    dialog_people.set_assignee(tx, dialog.id, target.id if target else None)
    kind = EventKind.DIALOG_ASSIGNED if target else EventKind.ASSIGNMENT_WITHDRAWN
    data = {
        "from": dialog.assignee.telegram_id if dialog.assignee else None,
        "to": target.telegram_id if target else None,
        "to_name": target.name if target else None,
        "cause": cause,
    }
    record(tx, [Event(kind, actor, dialog.customer_id, dialog.id, data=data, before=dialog)])


def _join(tx: Tx, dialog: Dialog, manager: Manager, *, above: int | None = None) -> bool:
    """Whether the manager did not take part until now. The cards that stand follow; a new place has its own."""
    if any(person.id == manager.id for person in dialog.participants):
        return False
    refuse_if_left(tx, manager)
    dialog_people.add_participant(tx, dialog.id, manager.id)
    views.refresh_people_on_cards(tx, dialog)
    places.ensure_for_dialog(tx, dialogs.by_id(tx, dialog.id), before=above)
    return True


def _was_told_lately(tx: Tx, event: Event, person: Person) -> bool:
    """Two who work in one dialog take it from each other with every line: each of them hears of it once.

    Unless it was given to them, or taken back by them, since.
    """
    assert event.dialog_id is not None
    moves = history.assignments(tx, event.dialog_id, since=tx.at - TOLD_ONCE_IN)
    for move in moves[1:]:  # the newest is this one
        if move["from"] == person.telegram_id:
            return True
        if move["to"] == person.telegram_id and move["cause"] != INTERVENTION:
            return False
    return False


def _tell(tx: Tx, telegram_id: int, name: str, dialog: Dialog, *, who: str = "", take: str = "") -> None:
    """`take`: with the button of that name, which makes whoever presses it the assignee."""
    words = {"id": dialog.id, "title": dialog.title, **({"who": who} if who else {})}
    buttons = [[_take(dialog, take)]] if take else None
    views.tell_manager(tx, telegram_id, f"desk_notices.{name}", words, dialog_id=dialog.id, buttons=buttons)


def _take(dialog: Dialog, name: str) -> views.Button:
    return {"key": f"desk_notices.{name}", "data": button_data(DialogVerb.TAKE, dialog.id)}


def _is_same(person: Manager | Person, actor: Actor) -> bool:
    return actor.kind == "manager" and actor.id == person.id
