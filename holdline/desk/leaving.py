"""Somebody leaves the desk: from this transaction on nothing of it is shown to them, and nothing waits for them."""

from holdline.desk import people, places, views
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import SYSTEM, Actor, Event
from holdline.dialogs.kinds import LEFT, SHOWS_CUSTOMER
from holdline.dialogs.manager import Manager
from holdline.store import dialogs, history, leaving, outbox, unseen
from holdline.store.tx import Row, Tx


def end_access(tx: Tx, *, left: Manager, by: Manager | None) -> None:
    """Open dialogs lose the person, views in their own chat end, and colleagues get what only they would have seen."""
    actor = people.by_manager(by) if by else SYSTEM
    leaving.end_places(tx, left.telegram_id)
    leaving.end_tasks_and_forms(tx, left.id)
    for dialog_id in leaving.open_dialogs_of(tx, left.id):
        _remove_from_dialog(tx, left, dialog_id, actor)
    for item in leaving.waiting_for_desk(tx, left.telegram_id):
        if item["kind"] in SHOWS_CUSTOMER and not outbox.shown_elsewhere(tx, item):
            _show_to_others(tx, item, left)
    leaving.cancel_for_desk(tx, left.telegram_id, LEFT)


def _remove_from_dialog(tx: Tx, left: Manager, dialog_id: int, actor: Actor) -> None:
    before = dialogs.locked(tx, dialog_id)
    dialogs.remove_participant(tx, dialog_id, left.id)
    if before.assignee is not None and before.assignee.id == left.id:
        dialogs.set_fields(tx, dialog_id, assignee_id=None)
        data = {"from": left.telegram_id, "to": None, "to_name": None, "cause": "left"}
        history.add(tx, [Event("assignment_withdrawn", actor, before.customer_id, dialog_id, data=data)])
    after = dialogs.by_id(tx, dialog_id)
    if after.participants != before.participants:
        changed = {"changes": {"participants": [_names(before), _names(after)]}, "cause": "left"}
        history.add(tx, [Event("dialog_changed", actor, before.customer_id, dialog_id, data=changed)])
    places.for_dialog(tx, after)
    views.dialog_changed(tx, after)


def _show_to_others(tx: Tx, item: Row, left: Manager) -> None:
    """A customer's words meant for this chat alone."""
    if item["dialog_id"] is not None:
        shown = places.for_dialog(tx, dialogs.by_id(tx, item["dialog_id"]))
    else:
        shown = places.for_inbox(tx)
    for place in shown:
        if place["chat_id"] != left.telegram_id:
            unseen.hand_over(tx, item, place)
            return


def _names(dialog: Dialog) -> list[str]:
    return [person.name for person in dialog.participants]
