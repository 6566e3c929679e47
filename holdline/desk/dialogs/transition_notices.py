"""Notices that somebody has paused, resumed or closed a dialog, with the button for what can be done next."""

from holdline.desk.dialogs.close_requests import end_close_offers
from holdline.desk.notices import views
from holdline.desk.notices.resume_offers import find_resume_offers, is_resume_button
from holdline.desk.notices.updatable_notices import redraw_notice
from holdline.dialogs.dialog import Dialog, Person
from holdline.dialogs.event import Actor, Event
from holdline.dialogs.outbox.messages import DeskNotice
from holdline.dialogs.verbs import DialogVerb, button_data
from holdline.store.dialogs import dialogs, places
from holdline.store.tx import Tx

_KEYS = {
    "paused": "desk_notices.paused_by",
    "active": "desk_notices.resumed_by",
    "closed": "desk_notices.closed_by",
}


def transition_key(dialog: Dialog) -> str:
    """The key of the sentence for the dialog's state."""
    return _KEYS[dialog.state]


def transition_line(dialog: Dialog, by: Actor) -> views.Line:
    """A line such as “⏸ Maria has paused #12”, by the dialog's state."""
    return {"key": transition_key(dialog), "words": {"id": dialog.id, "title": dialog.title, "who": by.name}}


def end_offers_to_close(tx: Tx, event: Event) -> None:
    """Ends older offers to close the dialog, so that nobody taps them in vain."""
    after, by = dialogs.of_event(tx, event), event.actor
    still = {"key": "desk_notices.close_still", "words": {"id": after.id}}
    end_close_offers(
        tx, after, by=by, moved=[transition_line(after, by), *([still] if after.state != "closed" else [])]
    )


def end_offers_to_resume(tx: Tx, event: Event) -> None:
    """Removes the resume button from lines that were sent during the pause; the new state is shown below them. Does
    nothing if the pause had ended before: that was done then, and each edit costs a group one of its twenty
    operations.
    """
    if event.before is not None and event.before.state == "active":
        return
    for offer in find_resume_offers(tx, event.dialog_id or 0):
        notice = DeskNotice.of(offer)
        rows = [[button for button in row if not is_resume_button(button)] for row in notice.buttons]
        redraw_notice(
            tx,
            [{"key": notice.key, "words": notice.words}, *notice.more],
            chat_id=offer["chat_id"],
            said_as=offer["key"],
            dialog_id=event.dialog_id or 0,
            buttons=[row for row in rows if row],
        )


def notify_of_transition(tx: Tx, event: Event) -> None:
    """Notifies colleagues of a move; if the customer closed the dialog, that the question is solved."""
    after = dialogs.of_event(tx, event)
    if event.actor.kind == "customer":
        views.notify_dialog(tx, after, "desk_notices.solved", {"id": after.id, "title": after.title})
    else:
        _notify_colleagues(tx, event, after)


def _notify_colleagues(tx: Tx, event: Event, after: Dialog) -> None:
    """Notifies the dialog's places, but not the mover's own chat or a place where all saw the command typed. The
    assignee is always notified.
    """
    mover, before = event.actor, event.before
    had = before.assignee if before is not None else None
    assignee = had if had and had.id != mover.id else None
    told_ids = set()
    for place in places.of_dialog(tx, after.id):
        saw_it_typed = event.typed_in is not None and views.is_shown_in(place, event.typed_in)
        if place["chat_id"] == mover.telegram_id or saw_it_typed:
            continue
        lost = (
            _has_lost_assignment(assignee, after)
            if assignee and assignee.telegram_id == place["chat_id"]
            else False
        )
        line = transition_line(after, mover)
        views.notify_place(
            tx, place, line["key"], line["words"], buttons=_buttons(after, lost), more=_more(after, lost)
        )
        told_ids.add(place["chat_id"])
    if assignee is not None and assignee.telegram_id not in told_ids:
        _notify_assignee(tx, assignee, after, mover)


def _notify_assignee(tx: Tx, assignee: Person, after: Dialog, mover: Actor) -> None:
    line, lost = transition_line(after, mover), _has_lost_assignment(assignee, after)
    views.notify_manager(
        tx,
        assignee.telegram_id,
        line["key"],
        line["words"],
        dialog_id=after.id,
        buttons=_buttons(after, lost),
        more=_more(after, lost),
    )


def _has_lost_assignment(assignee: Person, after: Dialog) -> bool:
    """Whether the move took the dialog from them and they can take it back. In a closed dialog they cannot."""
    return after.state != "closed" and after.assignee is not None and after.assignee.id != assignee.id


def _buttons(after: Dialog, lost: bool) -> views.Buttons:
    row = []
    if after.state == "paused":
        row.append({"key": "manager.resume", "data": button_data(DialogVerb.RESUME, after.id)})
    if after.state == "closed":
        row.append({"key": "manager.new_dialog", "data": button_data(DialogVerb.OPEN_ANOTHER, after.id)})
    if lost:
        row.append({"key": "desk_notices.take_back", "data": button_data(DialogVerb.TAKE, after.id)})
    return [row] if row else []


def _more(after: Dialog, lost: bool) -> list[views.Line]:
    if not lost or after.assignee is None:
        return []
    return [{"key": "desk_notices.assignee_now", "words": {"who": after.assignee.name}}]
