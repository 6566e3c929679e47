"""Assignment follows intervention; reading never assigns."""

from dataclasses import replace

from holdline.desk.marketing.recent import show_recent
from holdline.desk.notices import places, views
from holdline.desk.people import participants
from holdline.desk.people.managers import require_permission
from holdline.desk.teams.routing import give_out_to
from holdline.dialogs.decisions.assignment import (
    DRAFT,
    INTERVENTION,
    LEFT_DESK,
    MOVE,
    Takeover,
    takeover,
)
from holdline.dialogs.decisions.changes import FOLLOWS_DRAFT, FOLLOWS_REPLY
from holdline.dialogs.decisions.participants import JoinNotice
from holdline.dialogs.decisions.staff import presence_fields
from holdline.dialogs.decisions.transitions import refuse_closed
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Actor, Event
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act, act_of_assigning
from holdline.store.dialogs import dialogs
from holdline.store.dialogs import places as place_rows
from holdline.store.people import managers
from holdline.store.tx import Tx

_ASSIGNS_NOBODY = frozenset({LEFT_DESK, FOLLOWS_REPLY, FOLLOWS_DRAFT})
"""Causes of events that are only consequences of another act."""


def require_may_take_over(tx: Tx, manager: Manager, dialog: Dialog) -> None:
    """Refuses if this act would give the dialog to a manager who is leaving the desk at this moment."""
    only_if_unassigned = tx.rules.only_if_unassigned
    if takeover(dialog, manager.id, only_if_unassigned=only_if_unassigned) is not Takeover.NOTHING:
        participants.refuse_if_left(tx, manager)


def assign_to_mover(tx: Tx, event: Event) -> None:
    """Assigns the dialog to the manager who paused or resumed it. Colleagues are notified of the pause or the resume
    itself.
    """
    take_over(tx, event.actor, dialogs.of_event(tx, event), cause=MOVE)


def assign_to_author(tx: Tx, event: Event) -> None:
    """Assigns the dialog to the manager who replies, writes a note or changes fields, but not to one who removes a
    colleague from the desk.
    """
    if event.dialog_id is None or event.data.get("cause") in _ASSIGNS_NOBODY:
        return
    above = event.message.id if event.message is not None else None
    dialog = event.before or dialogs.of_event(tx, event)
    take_over(tx, event.actor, dialog, cause=INTERVENTION, above=above)


def assign_to_draft_author(tx: Tx, event: Event) -> None:
    """Assigns an unassigned dialog to the author. A dialog that somebody has stays theirs: the author cannot answer
    without them, and takes part.
    """
    take_over(tx, event.actor, dialogs.of_event(tx, event), cause=DRAFT)


def take_over(
    tx: Tx, actor: Actor, dialog: Dialog, *, cause: str, above: int | None = None, is_shown: bool = True
) -> None:
    """Makes the manager who acted the assignee or a participant. If the dialog is new to them, they are shown its last
    messages, `above` their own; not if it is being closed.
    """
    if actor.kind != "manager" or actor.id is None:
        return
    stays = tx.rules.only_if_unassigned or cause == DRAFT
    effect = takeover(dialog, actor.id, only_if_unassigned=stays)
    stored = managers.by_id(tx, actor.id) if effect is not Takeover.NOTHING else None
    if stored is None:
        return
    manager = replace(stored, name=actor.name)  # Telegram's name for them may not be stored yet
    match effect:
        case Takeover.OWNS:
            participants.set_assignee(
                tx, dialog, manager, actor=actor, cause=cause, above=above, is_shown=is_shown
            )
        case Takeover.JOINS:
            told = {MOVE: JoinNotice.NOBODY, DRAFT: JoinNotice.ASSIGNEE_TOO}.get(
                cause, JoinNotice.ADDED_PERSON
            )
            participants.add_participant(
                tx, dialog, manager, by=actor, above=above, told=told, is_shown=is_shown
            )


def assign_dialog(tx: Tx, *, manager: Manager, dialog_id: int, assignee_telegram_id: int | None) -> Dialog:
    """Assigns the dialog to a manager, or to nobody, and notifies those concerned."""
    require_permission(tx, manager, Act.TAKE_DIALOG)
    dialog, actor = _lock_unless_closed(tx, dialog_id), manager.as_actor()
    target = None
    if assignee_telegram_id is not None:
        target = participants.lock_colleague(tx, assignee_telegram_id)
        require_permission(tx, manager, act_of_assigning(target, by=manager))
    participants.set_assignee(tx, dialog, target, actor=actor, cause="assigned" if target else "withdrawn")
    after = dialogs.by_id(tx, dialog.id)
    places.ensure_for_dialog(tx, after)
    return after


def take_dialog(tx: Tx, *, manager: Manager, dialog_id: int) -> Dialog:
    """Assigns the dialog to the manager who asks."""
    return assign_dialog(tx, manager=manager, dialog_id=dialog_id, assignee_telegram_id=manager.telegram_id)


def set_ready(tx: Tx, *, manager: Manager, ready: bool) -> Manager:
    """Sets whether the manager is ready (can be counted on) or away. Changes no rights."""
    participants.refuse_if_left(tx, manager)
    after = managers.update(tx, manager.id, **presence_fields(ready=ready, at=tx.at))
    if ready:
        give_out_to(tx, manager.id)
    return after


def enter_dialog(tx: Tx, *, manager: Manager, dialog_id: int | None) -> Dialog | None:
    """From now on plain text in the manager's own chat belongs to this dialog; None leaves it. Assigns nobody."""
    # An unknown dialog is refused before anything is stored.
    dialog = dialogs.by_id(tx, dialog_id) if dialog_id is not None else None
    if manager.entered_dialog_id is not None and manager.entered_dialog_id != dialog_id:
        _leave(tx, manager, manager.entered_dialog_id)
    participants.refuse_if_left(tx, manager)
    managers.update(tx, manager.id, entered_dialog_id=dialog_id, entered_at=tx.at)
    if dialog is None:
        return None
    is_new = place_rows.find_live(tx, manager.telegram_id, dialog.id) is None
    place = places.take_over(tx, manager.telegram_id, dialog)
    if is_new:
        show_recent(tx, place, dialog)
    return dialog


def _leave(tx: Tx, manager: Manager, dialog_id: int) -> None:
    """Ends the private copy of the dialog if there is a staff group; without one it is the manager's only place."""
    place = place_rows.find_live(tx, manager.telegram_id, dialog_id)
    if place is not None and places.staff_group(tx):
        views.end_place(tx, place)


def _lock_unless_closed(tx: Tx, dialog_id: int) -> Dialog:
    dialog = dialogs.load_locked(tx, dialog_id)
    refuse_closed(dialog)
    return dialog
