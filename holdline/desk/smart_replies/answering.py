"""Answers a customer who writes outside any dialog at once, if a smart reply matches; no other automatic answer is
given then.
"""

from datetime import datetime
from typing import Any

from holdline.desk.funnels.answers import is_answer
from holdline.desk.marketing.outbound import OutboundRequest, accept_outbound
from holdline.desk.smart_replies.choosing import current_choice, is_model_on
from holdline.desk.smart_replies.feedback import feedback_buttons
from holdline.dialogs.customer_commands import asks_to_stop
from holdline.dialogs.event import Event
from holdline.dialogs.gate import Gate, MessageClass
from holdline.dialogs.message import Message
from holdline.dialogs.smart_replies.smart_reply import (
    ONCE_IN,
    PERSON_AWAITED_FOR,
    PERSON_TALKS_FOR,
    Suggestion,
)
from holdline.dialogs.text.marks import parse_command
from holdline.store.conversation import messages
from holdline.store.delivery import outbound
from holdline.store.dialogs import dialogs
from holdline.store.people import customers, managers
from holdline.store.smart_replies import smart_answers, smart_jobs
from holdline.store.tx import Tx

OF_RULES = "rule"


def send_smart_reply(tx: Tx, event: Event) -> None:
    """Sends the smart reply that matches, or queues the message for the language model. The Inbox item waits for a
    person in any case.
    """
    message = event.message
    if message is None or event.arrival is None or not _is_question(message):
        return
    if is_answer(tx, message.id):
        return
    choice = current_choice(tx)
    if choice is None or not may_answer(tx, message, asked_at=tx.at):
        return
    found = choice.try_text(message.content.text).suggestion
    if found is not None:
        give_answer(tx, found, message, inbox_item_id=event.arrival.item_id)
    elif is_model_on(tx) and any(reply.questions for reply in choice.replies):
        smart_jobs.insert(tx, message.id, inbox_item_id=event.arrival.item_id)


def may_answer(tx: Tx, message: Message, *, asked_at: datetime) -> bool:
    """Whether an automatic answer is allowed now: no manager is talking to the customer, no rule has answered the
    message, and the customer accepts automatic messages.
    """
    customer = customers.load(tx, message.customer_id)
    if customer.opted_out_at is not None or customer.reach != "ok" or customer.mute is not None:
        return False
    if customer.gate is Gate.HELD or dialogs.active_id(tx, customer.id) is not None:
        return False
    colleague = managers.by_telegram_id(tx, customer.telegram_id)
    if colleague is not None and colleague.active:
        return False
    if smart_answers.awaits_person(tx, customer.id, since=tx.at - PERSON_AWAITED_FOR):
        return False
    since = {"people_since": tx.at - PERSON_TALKS_FOR, "rules_since": asked_at}
    return not smart_answers.has_desk_written(tx, customer.id, **since)


def give_answer(tx: Tx, found: Suggestion, message: Message, *, inbox_item_id: int | None) -> bool:
    """Gives the answer; returns False if the customer had this reply lately or the message was answered already."""
    customer, reply = customers.load(tx, message.customer_id), found.reply
    recent = smart_answers.replies_given_since(tx, customer.id, tx.at - ONCE_IN)
    if reply.id in recent or smart_answers.of_question(tx, message.id) is not None:
        return False
    asks = reply.questions and found.source != OF_RULES
    order = OutboundRequest(
        customer.telegram_id,
        MessageClass.SMART_REPLY,
        reply.answer,
        collapse_key="smart",
        own_data=_own_data(found, asks=bool(asks), asked_id=message.id),
    )
    message_id = _message_id(tx, accept_outbound(tx, order=order)["id"])
    answer = {
        "message_id": message_id,
        "customer_id": customer.id,
        "reply_id": reply.id,
        "score": found.score,
    }
    asked = {"asked_message_id": message.id, "inbox_item_id": inbox_item_id, "source": found.source}
    smart_answers.insert(tx, answer | asked)
    messages.set_fields(tx, message_id, reply_to_id=message.id)
    return True


def _own_data(found: Suggestion, *, asks: bool, asked_id: int) -> dict[str, Any]:
    """The reply's name for readers; under an answer to a question also the feedback buttons."""
    named = {"smart_reply": found.reply.name}
    return named | ({"own_buttons": feedback_buttons(asked_id)} if asks else {})


def _is_question(message: Message) -> bool:
    """Whether the message is only text, no command, and does not ask to stop offers."""
    text = message.content.text
    is_words = message.content.kind == "text" and bool(text.strip())
    return is_words and parse_command(text.lstrip()) is None and not asks_to_stop(text)


def _message_id(tx: Tx, outbox_id: int) -> int:
    return int(outbound.parts_of(tx, outbox_id)[0]["message_id"])
