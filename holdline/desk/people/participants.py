"""The assignee and participants of a dialog: changed only here, so that cards are updated and people are notified."""

from holdline.desk.marketing.recent import show_recent
from holdline.desk.notices import places, views
from holdline.desk.record import record
from holdline.dialogs.decisions import assignment
from holdline.dialogs.decisions import participants as team
from holdline.dialogs.decisions.decision import PersonalNotice
from holdline.dialogs.decisions.team import Team
from holdline.dialogs.dialog import Dialog, Person
from holdline.dialogs.event import Actor, Event
from holdline.dialogs.manager import Manager
from holdline.dialogs.outbox.notifications import TELEGRAM
from holdline.dialogs.refusal import NotAllowed, NotFound
from holdline.dialogs.verbs import DialogVerb, button_data
from holdline.store.dialogs import dialog_people, dialogs, history, team_dialogs
from holdline.store.dialogs import places as place_rows
from holdline.store.people import managers, notifications
from holdline.store.tx import Tx


def lock_colleague(tx: Tx, telegram_id: int) -> Manager:
    """The manager with that id, locked, to be given a dialog; raises NotFound if there is none."""
    manager = managers.keep_active(tx, telegram_id)
    if manager is None:
        raise NotFound("manager", telegram_id)
    return manager


def refuse_if_left(tx: Tx, manager: Manager) -> None:
    """Raises NotAllowed if the manager has left; otherwise locks them, so that they cannot leave before the end of the
    transaction. Called after chats are locked.
    """
    if managers.keep_active(tx, manager.telegram_id) is None:
        raise NotAllowed("active", because="left_desk")


def put_first_participants(tx: Tx, dialog_id: int, members: list[Manager]) -> None:
    """Adds the participants of a dialog that is being opened: no place shows it yet, and their tasks notify them."""
    for member in members:
        refuse_if_left(tx, member)
        dialog_people.add_participant(tx, dialog_id, member.id)


def add_participant(
    tx: Tx,
    dialog: Dialog,
    manager: Manager,
    *,
    by: Actor,
    above: int | None = None,
    told: team.JoinNotice = team.JoinNotice.ADDED_PERSON,
    is_shown: bool = True,
) -> None:
    """Adds a manager to the dialog. A place that is new to them shows its last messages before the message `above`."""
    decision = team.join(dialog, manager.as_person(), by=by, above=above, told=told, is_shown=is_shown)
    if decision.events:
        refuse_if_left(tx, manager)
        dialog_people.add_participant(tx, dialog.id, manager.id)
        record(tx, decision.events)


def remove_participant(
    tx: Tx, dialog: Dialog, person: Person, *, by: Actor, leaves_desk: bool = False
) -> None:
    """Removes a person from the dialog."""
    dialog_people.remove_participant(tx, dialog.id, person.id)
    record(tx, team.leave(dialog, person, by=by, leaves_desk=leaves_desk).events)


def set_assignee(
    tx: Tx,
    dialog: Dialog,
    target: Manager | None,
    *,
    actor: Actor,
    cause: str,
    above: int | None = None,
    is_shown: bool = True,
) -> None:
    """Sets the assignee, who becomes a participant too. A place that is new to them shows the last messages before the
    message `above`; `is_shown` is False if they need no place.
    """
    decision = assignment.assign(dialog, target, by=actor, cause=cause)
    if decision.events:
        if target is not None:
            refuse_if_left(tx, target)
        dialog_people.set_assignee(tx, dialog.id, target.id if target else None)
        record(tx, decision.events)
    if target is not None:
        told = team.JoinNotice.NOBODY
        add_participant(tx, dialog, target, by=actor, above=above, told=told, is_shown=is_shown)


def set_team(tx: Tx, dialog: Dialog, group: Team | None, *, actor: Actor) -> bool:
    """Gives the dialog to a team instead of a person, or to no team; returns whether anything changed."""
    decision = assignment.give_to_team(dialog, group.name if group else None, by=actor)
    if not decision.events:
        return False
    if group is not None:
        dialog_people.set_assignee(tx, dialog.id, None)
    team_dialogs.set_team(tx, dialog.id, group.id if group else None)
    record(tx, decision.events)
    return True


def show_to_new_participant(tx: Tx, event: Event) -> None:
    """Creates a place for the dialog in the participant's own chat, if they read dialogs there. It also shows what the
    customer was sent automatically, because they may reply to it.
    """
    if not event.data["is_shown"]:
        return
    dialog = dialogs.of_event(tx, event)
    known = {place["id"] for place in place_rows.of_dialog(tx, dialog.id)}
    for place in places.ensure_for_dialog(tx, dialog, before=event.data["above"]):
        if place["id"] not in known:
            show_recent(tx, place, dialog)


def end_own_view(tx: Tx, event: Event) -> None:
    """Ends the dialog's place in the own chat of a removed participant, unless they have entered the dialog."""
    if event.person is None or event.dialog_id is None or event.data["leaves_desk"]:
        return
    place = place_rows.find_live(tx, event.person.telegram_id, event.dialog_id)
    reader = managers.by_id(tx, event.person.id)
    if place is None or reader is None or reader.entered_dialog_id == event.dialog_id:
        return
    views.end_place(tx, place)


def notify_added_participant(tx: Tx, event: Event) -> None:
    """Notifies the person who was added, or who has the dialog."""
    _notify(tx, event.before, team.notice_of_joining(event, by_setting=tx.rules.only_if_unassigned))


def notify_removed_participant(tx: Tx, event: Event) -> None:
    """Notifies the person who was removed."""
    _notify(tx, event.before, team.notice_of_leaving(event))


def notify_new_assignee(tx: Tx, event: Event) -> None:
    """Notifies the new assignee, unless they chose to be notified elsewhere."""
    now = dialogs.of_event(tx, event)
    notice = assignment.notice_to_new_assignee(now, by=event.actor)
    if now.assignee is not None and notice is not None:
        chosen = notifications.settings_of(tx, now.assignee.id).channels_for("assigned")
        _notify(tx, now, notice if TELEGRAM in chosen else None)


def notify_former_assignee(tx: Tx, event: Event) -> None:
    """Notifies the former assignee, but not at every message when two managers take the dialog from each other."""
    notice = assignment.notice_to_former_assignee(event)
    if notice is None or event.dialog_id is None:
        return
    if event.data["cause"] == assignment.INTERVENTION:
        lately = history.assignments(tx, event.dialog_id, since=tx.at - assignment.TOLD_ONCE_IN)
        if assignment.was_notified_lately(lately[1:], notice.telegram_id):  # the first is this assignment
            return
    _notify(tx, dialogs.of_event(tx, event), notice)


def notify_remaining_participants(tx: Tx, event: Event) -> None:
    """Notifies the remaining participants that nobody has the dialog; if there are none, its places."""
    now = dialogs.of_event(tx, event)
    if now.assignee is not None:  # only its team lost the dialog
        return
    for notice in assignment.notices_that_nobody_has_it(now, event):
        _notify(tx, now, notice)
    if not now.participants:
        words = {"id": now.id, "title": now.title}
        views.notify_dialog(tx, now, "desk_notices.nobody_has_it", words, buttons=[[_take(now, "take")]])


def _notify(tx: Tx, dialog: Dialog | None, notice: PersonalNotice | None) -> None:
    if dialog is None or notice is None:
        return
    words = {"id": dialog.id, "title": dialog.title, **({"who": notice.who} if notice.who else {})}
    views.notify_manager(
        tx,
        notice.telegram_id,
        f"desk_notices.{notice.name}",
        words,
        dialog_id=dialog.id,
        buttons=[[_take(dialog, notice.take)]] if notice.take else None,
    )


def _take(dialog: Dialog, name: str) -> views.Button:
    return {"key": f"desk_notices.{name}", "data": button_data(DialogVerb.TAKE, dialog.id)}
