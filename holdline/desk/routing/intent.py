"""The meaning of a manager's message: that of its album, an answer to a form, or what it points at."""

from dataclasses import replace
from datetime import timedelta

from holdline.desk.routing.reply_target import ReplyTarget, explicit_target, reply_message_id
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.text.marks import is_note
from holdline.store.delivery import album_parts
from holdline.store.screens import form_messages, forms
from holdline.store.tx import Row, Tx

FORM_TIMEOUT = timedelta(minutes=3)
"""After this time a form no longer takes a line that could be meant for a customer."""
LONG_FORM_TIMEOUT = timedelta(hours=1)
"""The same for lines that cannot be meant for a customer."""


def resolve_target(tx: Tx, *, manager: Manager, content: Content, forms_count: bool = True) -> ReplyTarget:
    """The first target that matches. Commands pass `forms_count=False`, because a command never answers a form's
    question.
    """
    if alike := _like_its_album(tx, manager, content):
        return alike
    other = explicit_target(tx, manager, content)
    return (_form_target(tx, manager, content, other) if forms_count else None) or other


def _like_its_album(tx: Tx, manager: Manager, content: Content) -> ReplyTarget | None:
    """The target of an earlier part of the album: only one part carries the words and the reply; the others mean the
    same.
    """
    if content.album_id is None or content.chat_id is None:
        return None
    where = (content.chat_id, content.album_id)
    if noted := album_parts.earlier_note(tx, *where):
        return ReplyTarget("note", dialog_id=noted["dialog_id"])
    if kept := album_parts.earlier_form(tx, manager.id, *where):
        return ReplyTarget(**kept["values_json"]["meaning"])
    if sent := album_parts.earlier_message(tx, *where):
        in_dialog = sent["dialog_id"] is not None
        return ReplyTarget("dialog" if in_dialog else "general", sent["dialog_id"], sent["customer_id"])
    return None


def _form_target(tx: Tx, manager: Manager, content: Content, other: ReplyTarget) -> ReplyTarget | None:
    """The form as target: for a reply to it, and for a plain line while the form waits, unless the line is marked as a
    note.
    """
    if content.chat_id is None:
        return None
    form = forms.find_awaiting_text(tx, manager.id, content.chat_id, content.thread_id or 0)
    replied = reply_message_id(content)
    form_message_id = form_messages.message_id_of(tx, form) if form is not None else None
    if replied is not None and (form is None or replied != form_message_id):
        return _reply_form_target(tx, manager, content, replied)
    if form is None or replied is not None:
        return ReplyTarget("form", form_id=form["id"]) if form is not None else None
    return None if is_note(content.text) else _open_form_target(tx, content, other, form)


def _open_form_target(tx: Tx, content: Content, other: ReplyTarget, form: Row) -> ReplyTarget | None:
    """The form as target for a plain line, with what the line would mean without the form."""
    waits = tx.at - (form["asked_at"] or form["created_at"])
    if other.kind not in ("dialog", "general"):
        return ReplyTarget("form", form_id=form["id"]) if waits <= LONG_FORM_TIMEOUT else None
    if waits > FORM_TIMEOUT or content.kind != "text":
        return None
    return replace(other, kind="form", form_id=form["id"])


def _reply_form_target(tx: Tx, manager: Manager, content: Content, replied: int) -> ReplyTarget | None:
    """The target for a reply to a form that is shown elsewhere or takes no words now."""
    assert content.chat_id is not None
    form = forms.find_by_message(tx, manager.id, content.chat_id, replied)
    if form is None:
        return None
    return ReplyTarget("form", form_id=form["id"]) if form["awaits_text"] else ReplyTarget("window")
