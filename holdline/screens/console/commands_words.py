"""Commands for what is said: a template, and words for later."""

from dataclasses import replace

from holdline.desk.conversation.scheduling import list_waiting_replies, schedule_reply
from holdline.desk.people.time_zones import time_zone_of
from holdline.dialogs.conversation.scheduled_reply import ScheduledReply
from holdline.dialogs.refusal import BadInput
from holdline.dialogs.text.moments import parse_moment
from holdline.dialogs.text.splitting import truncate
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
from holdline.screens.keyboards import callback_button
from holdline.screens.screen import Screen, screen_with_title
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx
from holdline.texts import say


def use_template(tx: Tx, order: CommandContext) -> CommandResult:
    """`/t` lists, `/t word` finds; for the dialog that is meant, else for the customer outside any."""
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
    """`/later 18:00 words`, in the manager's own time zone; alone it lists what is planned."""
    dialog_id, zone, language = order.dialog_id, time_zone_of(tx, order.manager), order.language
    if not order.rest:
        return _list_screen(tx, order, dialog_id)
    found = parse_moment(order.rest, now=tx.at, zone=zone)
    if found is None or not found[1]:
        raise BadInput("/later", say("scheduled.later_format", language))
    at, words = found
    content = replace(order.content, text=words, entities=())
    if content.kind != "text":
        raise BadInput("/later", say("scheduled.later_text", language))
    reply = schedule_reply(tx, manager=order.manager, dialog_id=dialog_id, content=content, at=at)
    told = say(
        "scheduled.planned",
        language,
        id=dialog_id,
        at=moment_text(reply.send_at, zone),
        words=truncate(words, 1000),
    )
    return Screen(told, [[_drop(reply, language)]])


def _list_screen(tx: Tx, order: CommandContext, dialog_id: int) -> Screen:
    language, zone = order.language, time_zone_of(tx, order.manager)
    replies = list_waiting_replies(tx, dialog_id=dialog_id)
    lines = [
        say(
            "scheduled.card_line",
            language,
            at=moment_text(reply.send_at, zone),
            who=reply.author.name,
            words=truncate(reply.content.text, 200),
        )
        for reply in replies
    ]
    rows = [[_send(reply, language, zone), _drop(reply, language)] for reply in replies]
    head = say("scheduled.list_head", language, id=dialog_id)
    return screen_with_title(head, *(lines or [say("scheduled.list_none", language)]), rows=rows)


def _send(reply: ScheduledReply, language: str, zone: str) -> dict[str, str]:
    caption = f"{in_zone(reply.send_at, zone):%H:%M} {say('scheduled.send', language)}"
    return callback_button(caption, DeskVerb.SEND_SCHEDULED, reply.id)


def _drop(reply: ScheduledReply, language: str) -> dict[str, str]:
    return callback_button(say("scheduled.drop", language), DeskVerb.CANCEL_SCHEDULED, reply.id)
