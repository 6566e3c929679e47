"""What a manager's message means: what its album meant, an answer to a form, or what it points at."""

from dataclasses import replace
from datetime import timedelta

from holdline.desk.routing.reply_target import Meaning, pointed_at, replied_to
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.text.marks import is_note
from holdline.store.delivery import album_parts
from holdline.store.screens import form_messages, forms
from holdline.store.tx import Row, Tx

PATIENCE = timedelta(minutes=3)
"""A question asked longer ago takes no line that could be meant for a customer."""
LONG_PATIENCE = timedelta(hours=1)
"""The same where no customer could be meant."""


def meant(tx: Tx, *, manager: Manager, content: Content, forms_count: bool = True) -> Meaning:
    """The first that fits; commands pass `forms_count=False`: a command never answers a form's question."""
    if alike := _like_its_album(tx, manager, content):
        return alike
    other = pointed_at(tx, manager, content)
    return (_asked_by_form(tx, manager, content, other) if forms_count else None) or other


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


def _asked_by_form(tx: Tx, manager: Manager, content: Content, other: Meaning) -> Meaning | None:
    """A reply to a form is for the form; a plain line is, while it waits and nobody marked the line as a note."""
    if content.chat_id is None:
        return None
    form = forms.awaiting_text(tx, manager.id, content.chat_id, content.thread_id or 0)
    replied = replied_to(content)
    shown = form_messages.message_of(tx, form) if form is not None else None
    if replied is not None and (form is None or replied != shown):
        return _replied_form(tx, manager, content, replied)
    if form is None or replied is not None:
        return Meaning("form", form_id=form["id"]) if form is not None else None
    return None if is_note(content.text) else _waiting_form(tx, content, other, form)


def _waiting_form(tx: Tx, content: Content, other: Meaning, form: Row) -> Meaning | None:
    """A plain line, and what it would mean without the form."""
    waits = tx.at - (form["asked_at"] or form["created_at"])
    if other.kind not in ("dialog", "general"):
        return Meaning("form", form_id=form["id"]) if waits <= LONG_PATIENCE else None
    if waits > PATIENCE or content.kind != "text":
        return None
    return replace(other, kind="form", form_id=form["id"])


def _replied_form(tx: Tx, manager: Manager, content: Content, replied: int) -> Meaning | None:
    """One that stands elsewhere or takes no words now."""
    assert content.chat_id is not None
    form = forms.shown_as(tx, manager.id, content.chat_id, replied)
    if form is None:
        return None
    return Meaning("form", form_id=form["id"]) if form["awaits_text"] else Meaning("window")
