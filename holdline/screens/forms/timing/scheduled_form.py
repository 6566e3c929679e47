"""What a reply that waits for its time shall say instead."""

from holdline.desk.conversation.scheduling import edit_scheduled_reply, load_open_reply
from holdline.desk.people.time_zones import time_zone_of
from holdline.dialogs.manager import Manager
from holdline.dialogs.message import Content
from holdline.dialogs.refusal import NotFound
from holdline.dialogs.rights import Act, require_allowed
from holdline.dialogs.text.times import moment_text
from holdline.screens.forms.form import (
    Form,
    FormKind,
    FormPosition,
    cancel_form,
    end_form,
    footer_rows,
    open_form,
)
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.tx import Tx
from holdline.texts import say

KIND = "scheduled"
_SHOWN = 3000


def begin(tx: Tx, manager: Manager, *, spot: FormPosition, reply_id: int) -> Form:
    """Refused at once where it was sent or cancelled before."""
    require_allowed(manager, Act.REPLY)
    reply = load_open_reply(tx, reply_id=reply_id)
    values = {"reply_id": reply.id, "dialog_id": reply.dialog_id}
    form = open_form(tx, manager, FormKind(KIND), spot=spot, values=values)
    form.awaits = True
    return form


def screen(tx: Tx, form: Form, manager: Manager) -> Screen:
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
    reply = edit_scheduled_reply(
        tx,
        manager=manager,
        reply_id=form.values["reply_id"],
        text=content.text,
        entities=content.entities,
    )
    form.awaits = False
    at = moment_text(reply.send_at, time_zone_of(tx, manager))
    words = reply.excerpt(_SHOWN)
    return end_form(form, say("scheduled.planned", manager.language, id=reply.dialog_id, at=at, words=words))
