"""A manager leaves the desk: from this transaction on they are shown nothing of it, and nothing waits for them."""

from holdline.desk.notices import places
from holdline.desk.people import participants
from holdline.desk.record import record
from holdline.dialogs.address import Address
from holdline.dialogs.decisions.assignment import LEFT_DESK
from holdline.dialogs.decisions.changes import change
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import SYSTEM, Actor
from holdline.dialogs.manager import Manager
from holdline.dialogs.outbox.item import READER_LEFT_DESK
from holdline.dialogs.outbox.kinds import traits_of
from holdline.dialogs.outbox.messages import CustomerNotice
from holdline.dialogs.outgoing import Outgoing
from holdline.store.delivery import mails, outbox, unseen_messages
from holdline.store.dialogs import dialogs
from holdline.store.people import leaving, managers, teams
from holdline.store.tx import Row, Tx, to_micros


def end_access(tx: Tx, *, leaver: Manager, by: Manager | None) -> None:
    """Removes the manager from open dialogs, ends the places in their own chat, and gives colleagues what only the
    manager would have seen.
    """
    actor = by.as_actor() if by else SYSTEM
    leaving.end_places(tx, leaver.telegram_id)
    leaving.end_tasks_and_forms(tx, leaver.id)
    teams.remove_from_all(tx, leaver.id)
    for dialog_id in leaving.open_dialogs_of(tx, leaver.id):
        _remove_from_dialog(tx, leaver, dialog_id, actor)
    unread = [
        *unseen_messages.list_cancelled(tx, leaver.telegram_id, READER_LEFT_DESK),
        *leaving.items_for_desk(tx, leaver.telegram_id),
    ]
    # Collected before the first is moved: parts of one message go together.
    only_theirs = [item for item in unread if _is_only_for_leaver(tx, item)]
    for item in only_theirs:
        _show_to_others(tx, item, leaver)
    leaving.cancel_for_desk(tx, leaver.telegram_id, READER_LEFT_DESK)
    mails.refuse_for_reader(tx, leaver.id, error=READER_LEFT_DESK)


def notify_former_manager(tx: Tx, leaver: Manager) -> None:
    """Notifies the person that they left. It is the last message to them; as it concerns nothing of the desk, it is
    delivered like one to a customer.
    """
    outbox.add(
        tx,
        [
            Outgoing(
                to=Address(leaver.telegram_id),
                item=CustomerNotice("customer.left_desk", language=leaver.language),
                key=f"left_desk:{leaver.id}:{to_micros(tx.at)}",
            )
        ],
    )


def dialogs_assigned_to(tx: Tx, person: Manager) -> list[Dialog]:
    """The person's dialogs that are not closed and would have no assignee without them."""
    theirs = [dialogs.by_id(tx, dialog_id) for dialog_id in leaving.open_dialogs_of(tx, person.id)]
    return [dialog for dialog in theirs if dialog.assignee is not None and dialog.assignee.id == person.id]


def find_unfinished_leavers(tx: Tx) -> list[int]:
    """Former managers who still have access to something of the desk, left by an older Holdline or a change by hand."""
    return leaving.former_managers_with_leftovers(tx, READER_LEFT_DESK)


def finish_leaving(tx: Tx, *, manager_id: int) -> None:
    """Run at the start for each of them: ends what should have ended when they left, and gives colleagues the rest."""
    person = leaving.lock_before_leaving(tx, manager_id)
    if person is None or person.active:
        return
    managers.update(tx, person.id, ready=False, entered_dialog_id=None)
    end_access(tx, leaver=person, by=None)


def _is_only_for_leaver(tx: Tx, item: Row) -> bool:
    return traits_of(item).shows_customer and not outbox.is_shown_elsewhere(tx, item)


def _remove_from_dialog(tx: Tx, leaver: Manager, dialog_id: int, actor: Actor) -> None:
    before = dialogs.load_locked(tx, dialog_id)
    for person in before.participants:
        if person.id == leaver.id:
            participants.remove_participant(tx, before, person, by=actor, leaves_desk=True)
    if before.assignee is not None and before.assignee.id == leaver.id:
        participants.set_assignee(tx, before, None, actor=actor, cause=LEFT_DESK)
    after = dialogs.by_id(tx, dialog_id)
    record(tx, change(before, after, by=actor, cause=LEFT_DESK).events)
    places.ensure_for_dialog(tx, after)


def _show_to_others(tx: Tx, item: Row, leaver: Manager) -> None:
    """Moves a customer's message that only this chat would have shown to a colleague's place."""
    if item["dialog_id"] is not None:
        their_places = places.ensure_for_dialog(tx, dialogs.by_id(tx, item["dialog_id"]))
    else:
        their_places = places.ensure_for_inbox(tx)
    for place in their_places:
        if place["chat_id"] != leaver.telegram_id:
            unseen_messages.move_to_place(tx, item, place)
            return
