"""Merging two dialogs of one customer, and undoing a merge."""

from holdline.desk.dialogs.decisions import carry_out
from holdline.desk.notices import views
from holdline.desk.people import participants
from holdline.desk.people.managers import require_permission
from holdline.desk.record import record
from holdline.dialogs.conversation import merges as rules
from holdline.dialogs.decisions.assignment import LEFT_DESK
from holdline.dialogs.decisions.transitions import refuse_closed
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act
from holdline.dialogs.verbs import DialogVerb, button_data
from holdline.store.conversation import merges
from holdline.store.dialogs import dialogs, history
from holdline.store.dialogs.dialog_filter import DialogFilter
from holdline.store.people import managers
from holdline.store.tx import Tx

_MOST_LISTED = 50


def merge_dialog(tx: Tx, *, manager: Manager, dialog_id: int, into: int) -> Dialog:
    """Merges the dialog into `into`, with its messages, notes and attachments. Returns the dialog that continues."""
    require_permission(tx, manager, Act.MERGE_DIALOGS)
    source, target, by = dialogs.load_locked(tx, dialog_id), dialogs.by_id(tx, into), manager.as_actor()
    decision = rules.merge(source, target, by=by, at=tx.at)
    carry_out(tx, decision, before=source)
    merges.move_in(tx, source.id, target.id)
    dialogs.set_fields(tx, target.id)
    record(tx, [rules.event_at_target(EventKind.DIALOG_MERGED, target, source, by=by)])
    return dialogs.by_id(tx, target.id)


def dialogs_to_merge(tx: Tx, *, manager: Manager, dialog_id: int) -> list[Dialog]:
    """The customer's other open dialogs, the newest first. Refused if this dialog is closed."""
    require_permission(tx, manager, Act.MERGE_DIALOGS)
    dialog = dialogs.by_id(tx, dialog_id)
    refuse_closed(dialog)
    open_ones = DialogFilter(customer_id=dialog.customer_id, open=True)
    listed = dialogs.page(tx, open_ones, order="newest", limit=_MOST_LISTED + 1)
    return [each for each in listed if each.id != dialog_id][:_MOST_LISTED]


def find_merge(tx: Tx, *, manager: Manager, dialog_id: int) -> Dialog:
    """This dialog if it was merged, otherwise the last one merged into it. Raises NotMerged if there is none."""
    require_permission(tx, manager, Act.MERGE_DIALOGS)
    source = _source_of_merge(tx, dialogs.by_id(tx, dialog_id))
    rules.require_merged(source)
    return source


def _source_of_merge(tx: Tx, named: Dialog) -> Dialog:
    earlier = merges.newest_merged_id(tx, named.id) if named.merged_into is None else None
    return named if earlier is None else dialogs.by_id(tx, earlier)


def unmerge_dialog(tx: Tx, *, manager: Manager, dialog_id: int) -> Dialog:
    """Undoes the merge of this dialog, or of the last one that was merged into it. Returns the dialog that it had been
    merged into; if that one was merged itself since, the one that holds the conversation now.
    """
    require_permission(tx, manager, Act.MERGE_DIALOGS)
    source = _source_of_merge(tx, dialogs.load_locked(tx, dialog_id))
    closed_with, by = history.last_close(tx, source.id), manager.as_actor()
    decision = rules.unmerge(source, closed_with["data_json"] if closed_with else {}, by=by)
    target = find_holder(tx, source)
    merges.move_back(tx, source.id, target.id)
    dialogs.set_fields(tx, target.id)
    carry_out(tx, decision, before=source)
    _remove_former_managers(tx, dialogs.by_id(tx, source.id), by=by)
    record(tx, [rules.event_at_target(EventKind.MERGE_UNDONE, target, source, by=by)])
    return dialogs.by_id(tx, target.id)


def find_holder(tx: Tx, merged: Dialog) -> Dialog:
    """The dialog that holds its messages now: each merge also takes along what had been merged before."""
    while merged.merged_into is not None:
        merged = dialogs.by_id(tx, merged.merged_into)
    return merged


def notify_of_merge(tx: Tx, event: Event) -> None:
    """Notifies the places of the dialog that continues, with buttons for the whole conversation and for the other
    dialog.
    """
    words = {"id": event.data["dialog_id"], "title": event.data["title"], "who": event.actor.name}
    whole = button_data(DialogVerb.SEND_TRANSCRIPT, event.dialog_id or 0)
    buttons = [
        [{"key": "desk_notices.whole_conversation", "data": whole}],
        [views.go_to_button(event.data["dialog_id"])],
    ]
    views.notify_dialog(tx, dialogs.of_event(tx, event), f"merging.{event.kind}", words, buttons=buttons)


def _remove_former_managers(tx: Tx, dialog: Dialog, *, by: Actor) -> None:
    """Removes the assignee and participants who have left the desk; only a closed dialog may keep them."""
    gone = {
        person.id
        for person in (*dialog.participants, *([dialog.assignee] if dialog.assignee else []))
        if (who := managers.by_id(tx, person.id)) is None or not who.active
    }
    if dialog.assignee is not None and dialog.assignee.id in gone:
        participants.set_assignee(tx, dialog, None, actor=by, cause=LEFT_DESK)
    for person in dialog.participants:
        if person.id in gone:
            participants.remove_participant(tx, dialog, person, by=by, leaves_desk=True)
