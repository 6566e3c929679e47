"""Replies and notes that an outside program asks for: from plain text or from a template."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from holdline.desk.conversation.drafts import write_or_draft
from holdline.desk.conversation.from_template import Words, count_use, fill_for
from holdline.desk.conversation.notes import add_note
from holdline.desk.conversation.replies import NOT_ASKED, Crossing, write_in_general
from holdline.desk.conversation.scheduling import schedule_reply
from holdline.dialogs.conversation.scheduled_reply import ScheduledReply
from holdline.dialogs.draft import Draft
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import WITH_HISTORY, Content, Message
from holdline.dialogs.refusal import BadInput
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx


@dataclass(frozen=True, slots=True)
class ReplyOrder:
    """A reply that somebody asks for in a dialog: sent at once, or later at `at`; perhaps with the conversation so far
    as a file. `inbox`: the bot that is to send it, or None for the bot that the customer wrote to.
    """

    words: Words
    crossing: Crossing = NOT_ASKED
    at: datetime | None = None
    with_history: bool = False
    inbox: str | None = None


def reply_in_dialog(
    tx: Tx, *, manager: Manager, dialog_id: int, reply: ReplyOrder
) -> Message | Draft | ScheduledReply:
    """Sends or schedules the reply; stores it as a draft if the manager may not reply without approval."""
    dialog = dialogs.by_id(tx, dialog_id)
    if reply.inbox not in (None, dialog.inbox):
        raise BadInput("inbox", "reply_inbox", inbox=dialog.inbox)
    content = fill_for(
        tx, manager, reply.words, kind="reply", customer_id=dialog.customer_id, dialog_id=dialog_id
    )
    if reply.with_history:
        content = replace(content, data={**content.data, WITH_HISTORY: True})
    order: dict[str, Any] = {"dialog_id": dialog_id, "content": content, "crossing": reply.crossing}
    written: Message | Draft | ScheduledReply
    if reply.at is None:
        written = write_or_draft(tx, manager=manager, **order)
    else:
        written = schedule_reply(tx, manager=manager, at=reply.at, **order)
    count_use(tx, reply.words)
    return written


def reply_in_general(tx: Tx, *, manager: Manager, customer_id: int, words: Words) -> Message:
    """Sends a reply in the general chat, outside any dialog."""
    content = fill_for(tx, manager, words, kind="reply", customer_id=customer_id, dialog_id=None)
    written = write_in_general(tx, manager=manager, customer_id=customer_id, content=content)
    count_use(tx, words)
    return written


def note_in_dialog(tx: Tx, *, manager: Manager, dialog_id: int, words: Words) -> int:
    """Adds a note to the dialog and returns its id."""
    customer_id = dialogs.by_id(tx, dialog_id).customer_id
    content = fill_for(tx, manager, words, kind="note", customer_id=customer_id, dialog_id=dialog_id)
    note_id = add_note(tx, manager=manager, dialog_id=dialog_id, text=content.text, data=file_of(content))
    count_use(tx, words)
    return note_id


def file_of(content: Content) -> dict[str, object]:
    """The data that a note keeps about its file; empty if it has no file."""
    return {**content.data, "kind": content.kind} if content.kind != "text" else {}
