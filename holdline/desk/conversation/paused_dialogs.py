"""Notifies the desk when a customer writes while a dialog is paused, once per run of messages."""

from holdline.desk.notices import places, views
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event
from holdline.dialogs.verbs import DialogVerb, button_data
from holdline.store.dialogs import dialogs
from holdline.store.dialogs import places as place_rows
from holdline.store.people import managers
from holdline.store.tx import Row, Tx

MOST = 3
"""At most this many paused dialogs of one customer get a notice."""


def notify_paused_dialogs(tx: Tx, event: Event) -> None:
    """Sends a line to each paused dialog's places and to its assignee, with the button that resumes it."""
    if event.arrival is None or not (event.arrival.is_first or event.arrival.returns):
        return
    for dialog in dialogs.list_paused(tx, event.customer_id, limit=MOST):
        places_to_tell = [
            place for place in places.ensure_for_dialog(tx, dialog) if not _has_the_card(tx, place)
        ]
        words = {"id": dialog.id, "title": dialog.title, "customer": event.actor.name}
        buttons = [[resume_button(dialog.id)]]
        for place in places_to_tell:
            views.notify_place(tx, place, "desk_notices.wrote_in_pause", words, buttons=buttons)
        _notify_assignee(tx, dialog, words, buttons)


def resume_button(dialog_id: int) -> dict[str, object]:
    return {
        "key": "cards.resume_dialog",
        "words": {"id": dialog_id},
        "data": button_data(DialogVerb.RESUME, dialog_id),
    }


def _has_the_card(tx: Tx, place: Row) -> bool:
    """Whether the Inbox card already says it there: dialogs and cards are in one chat without topics."""
    if place["mode"] != "with_header" or places.staff_group(tx) not in (0, place["chat_id"]):
        return False
    inbox = place_rows.find_live(tx, place["chat_id"], None)
    return inbox is not None and inbox["mode"] == "with_header"


def _notify_assignee(tx: Tx, dialog: Dialog, words: dict[str, object], buttons: views.Buttons) -> None:
    """Notifies the assignee in their private chat, unless the dialog has a place there."""
    if (
        dialog.assignee is None
        or place_rows.find_live(tx, dialog.assignee.telegram_id, dialog.id) is not None
    ):
        return
    reader = managers.by_id(tx, dialog.assignee.id)
    if reader is not None and reader.active:
        key = "desk_notices.wrote_in_pause"
        views.notify_manager(tx, reader.telegram_id, key, words, dialog_id=dialog.id, buttons=buttons)
