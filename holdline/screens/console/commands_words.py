"""Commands for text: templates and scheduled replies."""

from holdline.desk.conversation.scheduling import list_waiting_replies, schedule_reply
from holdline.desk.people.time_zones import time_zone_of
from holdline.dialogs.conversation.scheduled_reply import ScheduledReply, without_command
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.moments import parse_moment
from holdline.dialogs.text.times import in_zone, moment_text
from holdline.dialogs.verbs import DeskVerb
from holdline.screens.console.command_context import (
    CommandContext,
    CommandResult,
    UnclearCommand,
    customer_of,
)
from holdline.screens.console.forms import show_form
from holdline.screens.forms.templates import template_form
from holdline.screens.forms.timing import scheduled_form
from holdline.screens.keyboards import callback_button
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.texts import say

_PLANNED_SHOWN = 1000


def use_template(tx: Tx, order: CommandContext) -> CommandResult:
    """`/t` lists, `/t word` searches; for the dialog that is meant, or for the customer outside any dialog."""
    dialog_id = order.dialog_id if order.names_number else order.meaning.dialog_id
    customer_id = dialogs.by_id(tx, dialog_id).customer_id if dialog_id else customer_of(tx, order)
    if customer_id is None:
        raise UnclearCommand("dialog", order.say("which_dialog"))
    form = template_form.begin(
        tx,
        order.manager,
        spot=order.form_spot,
        customer_id=customer_id,
        dialog_id=dialog_id,
        called=order.rest,
    )
    show_form(tx, form, order.manager, spot=order.spot)
    return None


def say_later(tx: Tx, order: CommandContext) -> CommandResult:
    """`/later 18:00 words` in the manager's time zone. A time alone asks for the text. Without arguments it lists."""
    dialog_id, zone, language = order.dialog_id, time_zone_of(tx, order.manager), order.language
    is_file = order.content.kind != "text"
    if not order.rest and not is_file:
        return _list_screen(tx, order, dialog_id)
    found = parse_moment(order.rest, now=tx.at, zone=zone)
    if found is None:
        raise BadInput("/later", say("scheduled.later_format", language))
    at, words = found
    if not words and not is_file:
        form = scheduled_form.begin_new(tx, order.manager, spot=order.form_spot, dialog_id=dialog_id, at=at)
        show_form(tx, form, order.manager, spot=order.spot)
        return None
    content, *others = without_command([order.content, *order.others], words)
    reply = schedule_reply(
        tx, manager=order.manager, dialog_id=dialog_id, content=content, others=others, at=at
    )
    return scheduled_form.screen_of_plan(tx, order.manager, reply, most=_PLANNED_SHOWN)


def _list_screen(tx: Tx, order: CommandContext, dialog_id: int) -> Screen:
    language, zone = order.language, time_zone_of(tx, order.manager)
    replies = list_waiting_replies(tx, dialog_id=dialog_id)
    lines = [_line(reply, language, zone) for reply in replies]
    rows = [
        row
        for reply in replies
        for row in ([_send(reply, language, zone)], [_edit(reply, language, zone), _drop(reply, language)])
    ]
    head = say("scheduled.list_head", language, id=dialog_id)
    return screen_with_title(head, *(lines or [say("scheduled.list_none", language)]), rows=rows)


def _line(reply: ScheduledReply, language: str, zone: str) -> str:
    at, words = moment_text(reply.send_at, zone), reply.excerpt(200)
    line = say("scheduled.card_line", language, at=at, who=reply.author.name, words=words)
    return f"{line}\n{say('scheduled.on_hold', language)}" if reply.is_held else line


def _send(reply: ScheduledReply, language: str, zone: str) -> dict[str, str]:
    caption = f"{in_zone(reply.send_at, zone):%H:%M} {say('scheduled.send', language)}"
    return callback_button(caption, DeskVerb.SEND_SCHEDULED, reply.id, 0, reply.version)


def _edit(reply: ScheduledReply, language: str, zone: str | None = None) -> dict[str, str]:
    """`zone`: used in a list, where the time in the caption says which reply it changes."""
    moment = f"{in_zone(reply.send_at, zone):%H:%M} " if zone else ""
    return callback_button(moment + say("scheduled.edit", language), DeskVerb.EDIT_SCHEDULED, reply.id)


def _drop(reply: ScheduledReply, language: str) -> dict[str, str]:
    return callback_button(say("scheduled.drop", language), DeskVerb.CANCEL_SCHEDULED, reply.id)
