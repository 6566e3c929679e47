"""Notes as managers see them: in every place of the dialog, marked as notes, and nowhere else."""

import hashlib

from holdline.dialogs.address import Address
from holdline.dialogs.message import Content
from holdline.dialogs.outbox.messages import NotePart
from holdline.dialogs.outgoing import Outgoing
from holdline.store.conversation import notes
from holdline.store.delivery import outbox
from holdline.store.tx import Row, Tx, to_micros
from holdline.telegram.parts import parts_needed

AT_HANDOVER = 5


def show_note(tx: Tx, note: Row, place: Row) -> None:
    """Shows the note; it is composed when it is sent. Adds nothing if this version is already shown there."""
    content = content_of(note)
    parts = parts_needed(content, has_header=True)
    outbox.add(tx, [_part(note, place, part=part, parts=parts) for part in range(parts)])


def show_last_notes(tx: Tx, place: Row, dialog_id: int, *, but: frozenset[int] = frozenset()) -> None:
    """Shows the last notes to a manager who takes over, except those in `but` and those added in this transaction,
    which are shown separately.
    """
    for note in notes.newest(tx, dialog_id, before=tx.at, limit=AT_HANDOVER):
        if note["id"] not in but:
            show_note(tx, note, place)


def content_of(note: Row) -> Content:
    """The note's text, and its file if it has one."""
    data = dict(note["data_json"])
    return Content(
        kind=data.pop("kind", "text"),
        text=note["text"],
        chat_id=data.pop("chat_id", None),
        tg_message_id=data.pop("tg_message_id", None),
        data=data,
    )


def _version(note: Row) -> str:
    """Identifies the note's content; differs after each edit, even one back to earlier words."""
    if note["edited_at"] is not None:
        return str(to_micros(note["edited_at"]))
    return hashlib.sha256(note["text"].encode()).hexdigest()[:12]


def _part(note: Row, place: Row, *, part: int, parts: int) -> Outgoing:
    return Outgoing(
        to=Address(place["chat_id"]),
        item=NotePart(note["id"], part, parts),
        key=f"note:{note['id']}:{place['id']}:{part}:{_version(note)}",
        dialog_id=place["dialog_id"],
        place_id=place["id"],
    )
