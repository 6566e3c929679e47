"""What a manager's message means: found by place, by the message replied to, or by the dialog entered."""

from dataclasses import dataclass
from datetime import timedelta

from holdline.dialogs.manager import Manager
from holdline.dialogs.marks import is_note
from holdline.dialogs.message import Content
from holdline.store import album_parts, copies, forms, messages, place_threads, places, shown_forms
from holdline.store.errors import NotNumberedYet
from holdline.store.tx import Row, Tx


@dataclass(frozen=True, slots=True)
class Meaning:
    """`kind`: dialog, note, general, form, window (a form that takes no words), inbox (no card meant), nowhere.

    A form with a dialog or a customer: without the form the words would have gone there. `entered`: nothing but the
    dialog entered last says that it is meant.
    """

    kind: str
    dialog_id: int | None = None
    customer_id: int | None = None
    item_id: int | None = None
    place_id: int | None = None
    form_id: int | None = None
    entered: bool = False


NOWHERE = Meaning("nowhere")
PATIENCE = timedelta(minutes=3)
"""A question asked longer ago takes no line that could be meant for a customer."""
LONG_PATIENCE = timedelta(hours=1)
"""The same where no customer could be meant."""


def meant(tx: Tx, *, manager: Manager, content: Content, forms_count: bool = True) -> Meaning:
    """The first that fits; commands pass `forms_count=False`: a command never answers a form's question."""
    if alike := _like_its_album(tx, manager, content):
        return alike
    other = _without_forms(tx, manager, content)
    return (_asked_by_form(tx, manager, content, other) if forms_count else None) or other


def _without_forms(tx: Tx, manager: Manager, content: Content) -> Meaning:
    place = _place(tx, content)
    return (
        _replied_notice(tx, content)
        or _in_thread(place)
        or _replied(tx, content, place)
        or (Meaning("inbox", place_id=place["id"]) if place else None)
        or _entered(manager, content)
        or NOWHERE
    )


def replied_to(content: Content) -> int | None:
    """In a forum every message “replies” to the topic's first service message; that is no reply."""
    return None if content.reply_to_tg_id == content.thread_id else content.reply_to_tg_id


def _like_its_album(tx: Tx, manager: Manager, content: Content) -> Meaning | None:
    """Only one part of an album carries the words and may carry the reply; the others mean what it meant."""
    if content.album_id is None or content.chat_id is None:
        return None
    where = (content.chat_id, content.album_id)
    if noted := album_parts.note(tx, *where):
        return Meaning("note", dialog_id=noted["dialog_id"])
    if kept := album_parts.kept(tx, manager.id, *where):
        return Meaning(**kept["values_json"]["meaning"])
    if sent := album_parts.message(tx, *where):
        in_dialog = sent["dialog_id"] is not None
        return Meaning("dialog" if in_dialog else "general", sent["dialog_id"], sent["customer_id"])
    return None


def _place(tx: Tx, content: Content) -> Row | None:
    if content.chat_id is None or content.thread_id is None:
        return None
    place = places.by_thread(tx, content.chat_id, content.thread_id)
    if place is None and place_threads.being_made(tx, content.chat_id):
        raise NotNumberedYet  # people are faster than the answer that tells us its number
    return place


def _asked_by_form(tx: Tx, manager: Manager, content: Content, other: Meaning) -> Meaning | None:
    """A reply to a form is for the form; a plain line is, while it waits and nobody marked the line as a note."""
    if content.chat_id is None:
        return None
    form = forms.awaiting_text(tx, manager.id, content.chat_id, content.thread_id or 0)
    replied = replied_to(content)
    shown = shown_forms.message_of(tx, form) if form is not None else None
    if replied is not None and (form is None or replied != shown):
        return _replied_form(tx, manager, content, replied)
    if form is None or replied is not None:
        return Meaning("form", form_id=form["id"]) if form is not None else None
    waits = tx.at - (form["asked_at"] or form["created_at"])
    if other.kind not in ("dialog", "general"):
        return Meaning("form", form_id=form["id"]) if waits <= LONG_PATIENCE else None
    if waits > PATIENCE or content.kind != "text" or is_note(content.text):
        return None
    return Meaning("form", other.dialog_id, other.customer_id, form_id=form["id"])


def _replied_form(tx: Tx, manager: Manager, content: Content, replied: int) -> Meaning | None:
    """One that stands elsewhere or takes no words now."""
    assert content.chat_id is not None
    form = forms.shown_as(tx, manager.id, content.chat_id, replied)
    if form is None:
        return None
    return Meaning("form", form_id=form["id"]) if form["awaits_text"] else Meaning("window")


def _replied_notice(tx: Tx, content: Content) -> Meaning | None:
    """A reply to a notification is a note, wherever the notification stands (R-19)."""
    row = _replied_row(tx, content)
    if row is None or row["role"] != "notice" or row["dialog_id"] is None:
        return None
    return Meaning(
        "note", dialog_id=row["dialog_id"], customer_id=row["customer_id"], place_id=row["place_id"]
    )


def _in_thread(place: Row | None) -> Meaning | None:
    if place is None or place["dialog_id"] is None:
        return None
    return Meaning("dialog", dialog_id=place["dialog_id"], place_id=place["id"])


def _replied(tx: Tx, content: Content, place: Row | None) -> Meaning | None:
    row = _replied_row(tx, content)
    if row is None:
        return None
    if row["dialog_id"] is not None:
        return Meaning("dialog", dialog_id=row["dialog_id"], place_id=row["place_id"])
    customer_id = row["customer_id"] or _author(tx, row["message_id"])
    if customer_id is None:
        return None if place else NOWHERE  # a reply to a list or a form speaks to no customer
    return Meaning(
        "general",
        customer_id=customer_id,
        item_id=row["inbox_item_id"],
        place_id=row["place_id"] or (place["id"] if place else None),
    )


def _replied_row(tx: Tx, content: Content) -> Row | None:
    reply = replied_to(content)
    if reply is None or content.chat_id is None:
        return None
    return copies.meant(tx, content.chat_id, reply)


def _author(tx: Tx, message_id: int | None) -> int | None:
    message = messages.by_id(tx, message_id) if message_id is not None else None
    return message.customer_id if message else None


def _entered(manager: Manager, content: Content) -> Meaning | None:
    """Entering counts only in the manager's own chat: in a group the topic says it."""
    if manager.entered_dialog_id is None or content.chat_id != manager.telegram_id:
        return None
    return Meaning("dialog", dialog_id=manager.entered_dialog_id, entered=True)
