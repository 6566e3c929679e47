"""Notes: for managers only; nothing here can reach a customer."""

from dataclasses import replace
from typing import Any

from holdline.desk.conversation.replies import Origin
from holdline.desk.dialogs.assignment import require_may_take_over
from holdline.desk.people.managers import manager_name, require_active, require_permission
from holdline.desk.record import record
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event, EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.rights import Act, require_may_take_back
from holdline.dialogs.text.limits import TEXT_LIMIT, refuse_too_long
from holdline.dialogs.text.marks import words_of_edited_note
from holdline.store.conversation import notes
from holdline.store.dialogs import dialogs
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
    """Adds a note and returns its id; `origin` is its message in Telegram. Colleagues see it in the dialog's other
    places. A closed dialog takes notes too, but there they change no assignment.
    """
    require_permission(tx, manager, Act.WRITE_NOTE)
    if not text.strip() and not data:
        raise BadInput("text", "text_empty")
    refuse_too_long(text, TEXT_LIMIT, field="text")
    dialog = dialogs.load_locked(tx, dialog_id)
    require_may_take_over(tx, manager, dialog)
    note_id = notes.insert(
        tx, dialog_id=dialog.id, manager_id=manager.id, text=text, data=data or {}, original=_original(origin)
    )
    data = {"note_id": note_id}
    _record(tx, EventKind.NOTE_CREATED, manager, dialog, text=text, data=data, origin=origin)
    return note_id


def edit_note(tx: Tx, *, manager: Manager, text: str, origin: Origin) -> int | None:
    """Applies the manager's edit to the note that their message became; returns its dialog's id, or None if it became
    none. History keeps the old words. `text` is the whole message, with the mark, command and number that it may
    begin with.
    """
    note = _own_note(tx, manager, origin)
    if note is None:
        return None
    require_permission(tx, manager, Act.WRITE_NOTE)
    text = words_of_edited_note(text, dialog_id=note["dialog_id"], before=note["text"])
    if not text and not note["data_json"]:
        raise BadInput("text", "note_empty")
    refuse_too_long(text, TEXT_LIMIT, field="text")
    dialog = dialogs.load_locked(tx, note["dialog_id"])
    if text == note["text"]:
        return dialog.id
    notes.set_text(tx, note["id"], text)
    data = {"note_id": note["id"], "new_text": text}
    _record(tx, EventKind.NOTE_EDITED, manager, dialog, text=note["text"], data=data, origin=origin)
    return dialog.id


def delete_note(tx: Tx, *, manager: Manager, note_id: int) -> Row:
    """Deletes a note: allowed to its author and to managers who may reassign dialogs. History keeps the words. Assigns
    nobody.
    """
    require_permission(tx, manager, Act.WRITE_NOTE)
    note = notes.by_id(tx, note_id)
    if note is None:
        raise NotFound("note", note_id)
    dialog = dialogs.load_locked(tx, note["dialog_id"])
    require_may_take_back(note["manager_id"], by=require_active(tx, manager))
    if notes.delete(tx, note_id):
        data = {"note_id": note_id, "written_by": manager_name(tx, note["manager_id"])}
        _record(tx, EventKind.NOTE_DELETED, manager, dialog, text=note["text"], data=data, origin=None)
    return next(row for row in notes.page(tx, dialog.id, after=note_id - 1, limit=1))


def delete_own_message(tx: Tx, *, manager: Manager, chat_id: int, tg_message_id: int) -> bool:
    """Deletes the note that this message became. Returns whether there was one that was not deleted yet."""
    note = notes.find_by_message(tx, chat_id, tg_message_id)
    if note is None or note["deleted_at"] is not None:
        return False
    delete_note(tx, manager=manager, note_id=note["id"])
    return True


def note_page(tx: Tx, *, dialog_id: int, after: int = 0, limit: int = 50) -> list[Row]:
    """A page of the dialog's notes, including deleted ones."""
    dialogs.by_id(tx, dialog_id)
    return notes.page(tx, dialog_id, after=after, limit=limit)


def is_note_of(tx: Tx, *, manager: Manager, origin: Origin) -> bool:
    """Whether that message of the manager became a note."""
    return _own_note(tx, manager, origin) is not None


def _own_note(tx: Tx, manager: Manager, origin: Origin) -> Row | None:
    note = notes.find_by_message(tx, origin.chat_id, origin.tg_message_id)
    if note is None or note["manager_id"] != manager.id or note["deleted_at"] is not None:
        return None
    return note


def _record(
    tx: Tx,
    kind: EventKind,
    manager: Manager,
    dialog: Dialog,
    *,
    text: str,
    data: dict[str, Any],
    origin: Origin | None,
) -> None:
    event = Event(kind, manager.as_actor(), dialog.customer_id, dialog.id, text, data, before=dialog)
    record(tx, [replace(event, typed_in=origin.where if origin else None)])


def _original(origin: Origin | None) -> notes.MessageRef | None:
    return (origin.chat_id, origin.tg_message_id) if origin else None
