"""Edits of messages: stores the new content; history keeps the old one."""

from datetime import datetime, timedelta

from holdline.desk.notices.copy_edits import edit_copies
from holdline.desk.record import record
from holdline.dialogs.corrections import data_after_edit, has_only_moved, is_replaced
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.message import Content, Message
from holdline.store.conversation import conversation, messages
from holdline.store.tx import Tx

LOCATION_EDIT_INTERVAL = timedelta(seconds=15)
"""The minimum time between updates of a live location. It changes every few steps, and the desk's group takes only
twenty messages a minute.
"""


def edit_message(tx: Tx, actor: Actor, before: Message, content: Content) -> None:
    """Stores the edit. A moved live location is not recorded in history; only its copies are updated, and not at every
    step.
    """
    moves_at = _next_move_at(tx, before)
    words = {"text": content.text, "entities_json": list(content.entities), "kind": content.kind}
    data = data_after_edit(before.content, content)
    messages.set_fields(tx, before.id, **words, data_json=data, edited_at=tx.at)
    if has_only_moved(before.content, content):
        edit_copies(tx, before, due_at=moves_at)
    else:
        record(tx, [_event(tx, actor, before, content)])


def _event(tx: Tx, actor: Actor, before: Message, content: Content) -> Event:
    """The event, with the old words, and with the old file if it was replaced."""
    data = {"message_id": before.id, "new_text": content.text}
    if is_replaced(before.content, content):
        data["replaced"] = {"kind": before.content.kind, **before.content.data}
    dialog_id = before.dialog_id or conversation.dialog_that_took_up(tx, before.id)
    kind, text = EventKind.MESSAGE_EDITED, before.content.text
    return Event(kind, actor, before.customer_id, dialog_id, text, data, message=before)


def _next_move_at(tx: Tx, before: Message) -> datetime | None:
    last = messages.last_edit_at(tx, before.id) if before.content.kind == "location" else None
    return max(tx.at, last + LOCATION_EDIT_INTERVAL) if last is not None else None
