"""Deleted notes, wherever colleagues see them."""

from holdline.desk.notices import views
from holdline.desk.notices.updatable_notices import redraw_notice
from holdline.dialogs.event import Event
from holdline.store.conversation import notes
from holdline.store.tx import Tx


def show_note_deleted(tx: Tx, event: Event) -> None:
    """Replaces the note by a line that says who deleted it; copies that still wait never show the words."""
    gone: views.Line = {"key": "desk_notices.note_deleted", "words": {"who": event.actor.name}}
    for copy in notes.copies(tx, event.data["note_id"]):
        redraw_notice(tx, [gone], chat_id=copy["chat_id"], said_as=copy["key"], dialog_id=event.dialog_id)
