"""Scheduled replies: written now, sent later. The rules are checked at both times."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from holdline.desk.conversation.replies import (
    NOT_ASKED,
    Crossing,
    Origin,
    refuse_crossing,
    require_sayable,
    write_in_dialog,
    write_in_general,
)
from holdline.desk.dialogs.assignment import require_may_take_over
from holdline.desk.notices import views
from holdline.desk.people.managers import require_permission
from holdline.desk.record import record
from holdline.dialogs.conversation.scheduled_reply import ScheduledReply, require_later
from holdline.dialogs.decisions.conversation import refuse_unless_active
from holdline.dialogs.event import SYSTEM, Actor, Event, EventKind
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content, Entities, Message
from holdline.dialogs.refusal import DeskError
from holdline.dialogs.rights import Act
from holdline.store.conversation import scheduled_replies
from holdline.store.delivery.albums import release_albums
from holdline.store.dialogs import dialogs
from holdline.store.people import managers
from holdline.store.tx import Tx


def schedule_reply(
    tx: Tx,
    *,
    manager: Manager,
    dialog_id: int,
    content: Content,
    others: Sequence[Content] = (),
    at: datetime,
    crossing: Crossing = NOT_ASKED,
) -> ScheduledReply:
    """Schedules a reply. Refused in every case where the reply itself would be refused now. `others`: the other parts
    of its album.
    """
    require_permission(tx, manager, Act.REPLY)
    for part in (content, *others):
        _require_sayable(tx, manager, part)
    require_later(at, now=tx.at)
    dialog = dialogs.load_locked(tx, dialog_id)
    refuse_unless_active(dialog)
    refuse_crossing(tx, crossing, dialog_id=dialog.id)
    require_may_take_over(tx, manager, dialog)
    seen = None if crossing.anyway else crossing.seen
    reply_id = scheduled_replies.insert(
        tx,
        dialog_id=dialog.id,
        author_id=manager.id,
        content=content.by_its_file,
        others=[part.by_its_file for part in others],
        send_at=at,
        seen_message_id=seen,
    )
    reply = scheduled_replies.by_id(tx, reply_id)
    _record(tx, EventKind.REPLY_SCHEDULED, reply, by=manager.as_actor())
    return reply


def add_to_scheduled_album(tx: Tx, *, manager: Manager, parts: Sequence[Content]) -> bool:
    """Adds parts that arrive after their album was scheduled; returns whether there was such an album."""
    chat_id, album_id = parts[0].chat_id, parts[0].album_id
    if chat_id is None or album_id is None:
        return False
    reply = scheduled_replies.find_album(tx, author_id=manager.id, chat_id=chat_id, album_id=album_id)
    if reply is None:
        return False
    for part in parts:
        _require_sayable(tx, manager, part)
    reply = _load_locked(tx, reply.id)
    scheduled_replies.add_parts(tx, reply, [part.by_its_file for part in parts])
    views.refresh_cards(tx, dialogs.by_id(tx, reply.dialog_id))
    return True


def edit_scheduled_reply(
    tx: Tx, *, manager: Manager, reply_id: int, text: str, entities: Entities = ()
) -> ScheduledReply:
    """Changes the words; the reply is then sent in the name of its last editor. History keeps the earlier words."""
    require_permission(tx, manager, Act.REPLY)
    before = _load_locked(tx, reply_id)
    before.require_open()
    content = before.content_with(text, entities)
    _require_sayable(tx, manager, content)
    require_may_take_over(tx, manager, dialogs.by_id(tx, before.dialog_id))
    scheduled_replies.set_content(tx, before.id, content, author_id=manager.id)
    _record(tx, EventKind.SCHEDULED_REPLY_EDITED, before, by=manager.as_actor(), new_text=text)
    return scheduled_replies.by_id(tx, before.id)


def cancel_scheduled_reply(tx: Tx, *, manager: Manager, reply_id: int) -> ScheduledReply:
    """Cancels a scheduled reply: allowed to anybody who may work on the dialog. History keeps the words."""
    require_permission(tx, manager, Act.CANCEL_SCHEDULED_REPLY)
    reply = _load_locked(tx, reply_id)
    reply.require_open()
    scheduled_replies.set_state(tx, reply.id, "cancelled")
    _record(tx, EventKind.SCHEDULED_REPLY_CANCELLED, reply, by=manager.as_actor())
    return scheduled_replies.by_id(tx, reply.id)


def send_scheduled_reply(
    tx: Tx, *, manager: Manager, reply_id: int, outside: bool = False, version: int | None = None
) -> Message:
    """Sends it now, by hand, in the name of the manager who sends it; refused like any reply. `outside`: outside its
    dialog. `version`: as it was shown to them.
    """
    reply = _load_locked(tx, reply_id)
    reply.require_open()
    reply.refuse_unless_shown(version)
    if not outside:
        return _say(tx, reply, manager, Crossing(anyway=True))
    customer_id = dialogs.by_id(tx, reply.dialog_id).customer_id
    messages = [
        write_in_general(
            tx,
            manager=manager,
            customer_id=customer_id,
            content=part,
            origin=Origin.of(part, dialog_chosen=True),
            anyway=True,
        )
        for part in reply.parts
    ]
    return _end(tx, reply, messages)


def send_due_reply(tx: Tx, skip: int = 0) -> int:
    """Sends the next reply that is due, or notifies its author why it was refused. Returns 0 if none is due. `skip`:
    how many of the oldest to pass over.
    """
    due = scheduled_replies.next_due(tx, skip=skip)
    if due is None:
        return 0
    reply = _load_locked(tx, due.id)
    if reply.state != "waiting":
        return 1
    author = managers.by_id(tx, reply.author.id)
    assert author is not None
    try:
        _say(tx, reply, author, Crossing(seen=reply.seen_message_id))
    except DeskError as refused:
        scheduled_replies.set_state(tx, reply.id, "refused", reason=refused.code)
        _record(tx, EventKind.SCHEDULED_REPLY_REFUSED, reply, by=SYSTEM, reason=refused.code)
    return 1


def end_scheduled_reply(tx: Tx, *, reply_id: int, reason: str) -> None:
    """Refuses a waiting reply for the desk itself. Its author is notified, as if that had happened when it was due."""
    reply = _load_locked(tx, reply_id)
    if reply.state == "waiting":
        scheduled_replies.set_state(tx, reply.id, "refused", reason=reason)
        _record(tx, EventKind.SCHEDULED_REPLY_REFUSED, reply, by=SYSTEM, reason=reason)


def load_open_reply(tx: Tx, *, reply_id: int) -> ScheduledReply:
    """The scheduled reply; refused if it was sent or cancelled already."""
    reply = scheduled_replies.by_id(tx, reply_id)
    reply.require_open()
    return reply


def list_waiting_replies(tx: Tx, *, dialog_id: int) -> list[ScheduledReply]:
    """The dialog's replies that still wait, the next one first."""
    return scheduled_replies.list_waiting(tx, dialogs.by_id(tx, dialog_id).id)


def page_of_scheduled(tx: Tx, *, dialog_id: int, after: int, limit: int) -> list[ScheduledReply]:
    """A page of the dialog's scheduled replies, the oldest first; raises NotFound if there is no such dialog."""
    dialogs.by_id(tx, dialog_id)
    return scheduled_replies.list_of_dialog(tx, dialog_id, after=after, limit=limit)


def _load_locked(tx: Tx, reply_id: int) -> ScheduledReply:
    """The reply, under the customer's lock, so that it is either sent once or cancelled before."""
    dialogs.load_locked(tx, scheduled_replies.by_id(tx, reply_id).dialog_id)
    return scheduled_replies.by_id(tx, reply_id)


def _say(tx: Tx, reply: ScheduledReply, manager: Manager, crossing: Crossing) -> Message:
    messages = [
        write_in_dialog(
            tx,
            manager=manager,
            dialog_id=reply.dialog_id,
            content=part,
            origin=Origin.of(part),
            crossing=crossing,
        )
        for part in reply.parts
    ]
    return _end(tx, reply, messages)


def _end(tx: Tx, reply: ScheduledReply, messages: Sequence[Message]) -> Message:
    """Marks it as sent, with its first message standing for all; releases its album, as no more parts are expected."""
    scheduled_replies.set_state(tx, reply.id, "sent", message_id=messages[0].id)
    if reply.others:
        release_albums(tx, messages[0].customer_id)
    views.refresh_cards(tx, dialogs.by_id(tx, reply.dialog_id))
    return messages[0]


def _require_sayable(tx: Tx, manager: Manager, content: Content) -> None:
    require_sayable(tx, manager, content, typed=Origin.of(content) is not None)


def _record(tx: Tx, kind: EventKind, reply: ScheduledReply, *, by: Actor, **more: str) -> None:
    dialog = dialogs.by_id(tx, reply.dialog_id)
    data = {"scheduled_id": reply.id, "at": reply.send_at.isoformat(), **more}
    event = Event(kind, by, dialog.customer_id, dialog.id, reply.content.text, data)
    record(tx, [replace(event, before=dialog)])
