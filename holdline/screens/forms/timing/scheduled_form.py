"""The content of a reply for a chosen time, and changing a reply that waits for its time."""

from datetime import datetime

from holdline.desk.conversation.scheduling import (
    edit_scheduled_reply,
    load_open_reply,
    schedule_reply,
)
from holdline.desk.people.time_zones import time_zone_of
from holdline.dialogs.conversation.scheduled_reply import ScheduledReply, require_later
from holdline.dialogs.decisions.conversation import refuse_unless_active
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import BadInput, NotFound
from holdline.dialogs.rights import Act, require_allowed
from holdline.dialogs.text.times import moment_text
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.forms.form import (
    Form,
    FormKind,
    FormPosition,
    cancel_form,
    footer_rows,
    open_form,
)
from holdline.screens.keyboards import callback_button
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "scheduled"
WHAT = "what"
_SHOWN = 3000


def begin(tx: Tx, manager: Manager, *, spot: FormPosition, reply_id: int) -> Form:
    """Refused at once if the reply was already sent or cancelled."""
    require_allowed(manager, Act.REPLY)
    reply = load_open_reply(tx, reply_id=reply_id)
    values = {"reply_id": reply.id, "dialog_id": reply.dialog_id}
    form = open_form(tx, manager, FormKind(KIND), spot=spot, values=values)
    form.awaits = True
    return form


def begin_new(tx: Tx, manager: Manager, *, spot: FormPosition, dialog_id: int, at: datetime) -> Form:
    """For content that cannot carry a command: a contact, a location, a sticker. Refused at once if nothing could be
    scheduled.
    """
    require_allowed(manager, Act.REPLY)
    require_later(at, now=tx.at)
    refuse_unless_active(dialogs.by_id(tx, dialog_id))
    values = {"dialog_id": dialog_id, "at": at.isoformat()}
    form = open_form(tx, manager, FormKind(KIND, WHAT), spot=spot, values=values)
    form.awaits = True
    return form


def takes(form: Form, content: Content) -> bool:
    """An edit must be text. A new reply may be of any kind; an album is refused with an explanation of how to schedule
    it.
    """
    return form.step == WHAT or content.kind == "text"


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    if form.step == WHAT:
        return _what_screen(tx, form, manager)
    reply, language = load_open_reply(tx, reply_id=form.values["reply_id"]), manager.language
    at = moment_text(reply.send_at, time_zone_of(tx, manager))
    head = say("scheduled.edit_head", language, id=reply.dialog_id, at=at)
    asks = say("scheduled.edit_ask", language)
    return screen_with_title(head, reply.excerpt(_SHOWN), asks, rows=footer_rows(form, manager))


def handle_press(tx: Tx, form: Form, manager: Manager, action: str, arg: str) -> Screen:
    if action == "cancel":
        return cancel_form(form, manager)
    raise NotFound("button", action)


def handle_text(tx: Tx, form: Form, manager: Manager, content: Content) -> Screen:
    reply = _plan(tx, form, manager, content) if form.step == WHAT else _edit(tx, form, manager, content)
    form.awaits = False
    form.done = True
    return screen_of_plan(tx, manager, reply, most=_SHOWN)


def screen_of_plan(tx: Tx, manager: Manager, reply: ScheduledReply, *, most: int) -> Screen:
    """What will be sent and when, in the manager's time zone. Long text is cut to `most` units."""
    language, at = manager.language, moment_text(reply.send_at, time_zone_of(tx, manager))
    words = reply.excerpt(most)
    return Screen(
        say("scheduled.planned", language, id=reply.dialog_id, at=at, words=words),
        [
            [
                callback_button(say("scheduled.edit", language), DeskVerb.EDIT_SCHEDULED, reply.id),
                callback_button(say("scheduled.drop", language), DeskVerb.CANCEL_SCHEDULED, reply.id),
            ]
        ],
    )


def _plan(tx: Tx, form: Form, manager: Manager, content: Content) -> ScheduledReply:
    if content.album_id is not None:
        raise BadInput("/later", "scheduled.mend_album")
    at = datetime.fromisoformat(form.values["at"])
    return schedule_reply(tx, manager=manager, dialog_id=form.values["dialog_id"], content=content, at=at)


def _edit(tx: Tx, form: Form, manager: Manager, content: Content) -> ScheduledReply:
    return edit_scheduled_reply(
        tx,
        manager=manager,
        reply_id=form.values["reply_id"],
        text=content.text,
        entities=content.entities,
    )


def _what_screen(tx: Tx, form: Form, manager: Manager) -> Screen:
    language, at = manager.language, datetime.fromisoformat(form.values["at"])
    shown = moment_text(at, time_zone_of(tx, manager))
    head = say("scheduled.edit_head", language, id=form.values["dialog_id"], at=shown)
    return screen_with_title(head, say("scheduled.what_ask", language), rows=footer_rows(form, manager))
