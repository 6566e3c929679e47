"""Notes: for managers only; nothing here can reach a customer."""

from typing import Any

from holdline.desk.conversation.replies import Origin
from holdline.desk.dialogs.assignment import assign_on_intervention
from holdline.desk.notices import note_views, places, views
from holdline.desk.people.managers import require_permission
from holdline.desk.record import record
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.limits import TEXT_LIMIT
from holdline.dialogs.text.wording import refuse_too_long
from holdline.store.conversation import notes
from holdline.store.dialogs import dialogs
from holdline.store.dialogs import places as place_rows
from holdline.store.tx import Row, Tx


def add_note(
    tx: Tx,
    *,
    manager: Manager,
    dialog_id: int,
    text: str,
    data: dict[str, Any] | None = None,
    origin: Origin | None = None,
) -> int:
    """The note's id; `origin` is its message in Telegram. Colleagues see it in the dialog's other places.

    A closed dialog takes notes too; there they move no assignment.
    """
    require_permission(tx, manager, "dialog.update")
    if not text.strip() and not data:
        raise BadInput("text", "text_empty")
    refuse_too_long(text, TEXT_LIMIT, field="text")
    dialog = dialogs.load_locked(tx, dialog_id)
    note_id = notes.insert(
        tx, dialog_id=dialog.id, manager_id=manager.id, text=text, data=data or {}, original=_original(origin)
    )
    actor = manager.as_actor()
    record(
        tx, [Event(EventKind.NOTE_CREATED, actor, dialog.customer_id, dialog.id, text, {"note_id": note_id})]
    )
    if dialog.state != "closed":
        assign_on_intervention(tx, manager, dialog)
    _show(tx, dialogs.by_id(tx, dialog.id), note_id, origin)
    return note_id


def edit_note(tx: Tx, *, manager: Manager, text: str, origin: Origin) -> int | None:
    """The dialog whose note the manager's message became; None where it became none. History keeps the old words."""
    note = _own_note(tx, manager, origin)
    if note is None:
        return None
    require_permission(tx, manager, "dialog.update")
    if not text.strip() and not note["data_json"]:
        raise BadInput("text", "note_empty")
    refuse_too_long(text, TEXT_LIMIT, field="text")
    dialog = dialogs.load_locked(tx, note["dialog_id"])
    if text == note["text"]:
        return dialog.id
    notes.set_text(tx, note["id"], text)
    data = {"note_id": note["id"], "new_text": text}
    actor = manager.as_actor()
    record(tx, [Event(EventKind.NOTE_EDITED, actor, dialog.customer_id, dialog.id, note["text"], data)])
    _show(tx, dialog, note["id"], origin)
    return dialog.id


def is_note_of(tx: Tx, *, manager: Manager, origin: Origin) -> bool:
    """Whether that message of the manager became a note."""
    return _own_note(tx, manager, origin) is not None


def _own_note(tx: Tx, manager: Manager, origin: Origin) -> Row | None:
    note = notes.find_by_message(tx, origin.chat_id, origin.tg_message_id)
    if note is None or note["manager_id"] != manager.id or note["deleted_at"] is not None:
        return None
    return note


def _show(tx: Tx, dialog: Dialog, note_id: int, origin: Origin | None) -> None:
    """Where the dialog stands; a closed one gets no new places. Edited, it is shown there once more."""
    note = notes.by_id(tx, note_id)
    assert note is not None
    here = (
        place_rows.of_dialog(tx, dialog.id)
        if dialog.state == "closed"
        else places.ensure_for_dialog(tx, dialog)
    )
    for place in here:
        if origin is None or not views.is_shown_in(place, (origin.chat_id, origin.thread_id)):
            note_views.show_note(tx, note, place)


def _original(origin: Origin | None) -> notes.MessageRef | None:
    return (origin.chat_id, origin.tg_message_id) if origin else None
