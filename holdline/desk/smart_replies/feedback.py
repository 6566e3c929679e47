"""The customer's feedback on an automatic answer: it helped, or they would rather talk to a person."""

import secrets
from typing import Any, Literal

from holdline.desk.dialogs.inbox_items import mark_answered_automatically
from holdline.desk.notices import places
from holdline.desk.notices.copy_edits import edit_item
from holdline.desk.notices.views import refresh_inbox_cards
from holdline.desk.record import record
from holdline.dialogs.address import Address
from holdline.dialogs.audience import Audience
from holdline.dialogs.customer import Customer
from holdline.dialogs.event import Actor, Event, EventKind
from holdline.dialogs.outbox.changes import Markup
from holdline.dialogs.outbox.messages import DeskNotice
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.smart_replies.smart_reply import Feedback
from holdline.dialogs.verbs import CustomerVerb, button_data
from holdline.store.delivery import outbox, telegram_messages
from holdline.store.dialogs import dialogs, inbox_items
from holdline.store.people import customers
from holdline.store.smart_replies import smart_answers
from holdline.store.tx import Row, Tx

FeedbackAnswer = Literal["helped", "person", "with_person", "feedback_before", "button_old"]
HELPED: Feedback = "helped"
PERSON: Feedback = "person"


def feedback_buttons(asked_message_id: int) -> list[list[dict[str, Any]]]:
    """The buttons under an answer; they name the customer's own message, because the answer has no id yet."""
    return [[_button(HELPED, asked_message_id)], [_button(PERSON, asked_message_id)]]


def rate_answer(
    tx: Tx, *, telegram_id: int, asked_message_id: int, feedback: str, tg_message_id: int | None
) -> FeedbackAnswer:
    """Stores the feedback; returns what to answer the press. Ignores a press for another customer's answer."""
    customer = customers.load_locked(tx, telegram_id)
    answer = smart_answers.of_question(tx, asked_message_id)
    if customer is None or answer is None or answer["customer_id"] != customer.id:
        return "button_old"
    if feedback not in (HELPED, PERSON):
        return "button_old"
    if answer["feedback"] == PERSON or answer["feedback"] == feedback:
        _change_buttons(tx, customer, answer, tg_message_id)
        return "feedback_before"
    smart_answers.set_feedback(tx, answer["message_id"], feedback)
    _change_buttons(tx, customer, {**answer, "feedback": feedback}, tg_message_id)
    if customer.mute is None:
        record(tx, [_event(customer, answer, feedback)])
    if feedback == PERSON and dialogs.active_id(tx, customer.id) is not None:
        return "with_person"
    return "helped" if feedback == HELPED else "person"


def follow_feedback(tx: Tx, event: Event) -> None:
    """Updates the cards. If the answer helped, the item waits no longer; if the customer wants a person, puts the item
    back in the Inbox and notifies the desk.
    """
    show_on_cards(tx, event.data["asked_message_id"])
    if dialogs.active_id(tx, event.customer_id) is not None:
        return
    if event.data["feedback"] == HELPED:
        _end_item(tx, event)
        return
    _put_back(tx, event)
    words = {"customer": event.actor.name, "reply": event.data["name"]}
    copies = telegram_messages.of_message(tx, event.data["asked_message_id"])
    cards = {copy["chat_id"]: copy["tg_message_id"] for copy in copies if copy["role"] == "copy"}
    for place in places.ensure_for_inbox(tx):
        notice = DeskNotice("smart.wants_person", words, reply_to_tg_id=cards.get(place["chat_id"]))
        key = f"wants_person:{event.data['asked_message_id']}:{place['id']}"
        outbox.add(
            tx,
            [
                Outgoing(
                    Address(place["chat_id"]),
                    notice,
                    key,
                    customer_id=event.customer_id,
                    place_id=place["id"],
                )
            ],
        )


def _end_item(tx: Tx, event: Event) -> None:
    """Takes the item out of the Inbox, unless the customer has written anything before or after the answered message
    that still waits.
    """
    item_id, asked = event.data["inbox_item_id"], event.data["asked_message_id"]
    if item_id is not None and smart_answers.newest_words_of(tx, event.customer_id) == asked:
        by = Actor("rule", event.data["name"])
        mark_answered_automatically(
            tx, item_id=item_id, customer_id=event.customer_id, message_id=asked, by=by
        )


def _put_back(tx: Tx, event: Event) -> None:
    """Lets the item wait again if it was ignored, or answered by the automatic answer alone."""
    item_id = event.data["inbox_item_id"]
    item = inbox_items.load_locked(tx, item_id) if item_id is not None else None
    if item is None or inbox_items.lock_new(tx, event.customer_id) is not None:
        return
    if item.state == "ignored" or (item.state == "answered" and item.handled_by is None):
        inbox_items.reopen(tx, item.id)
        refresh_inbox_cards(tx, item.id)


def show_on_cards(tx: Tx, asked_message_id: int) -> None:
    """Updates the cards of the customer's message with the answer and the feedback."""
    for copy in telegram_messages.of_message(tx, asked_message_id):
        if copy["audience"] == Audience.DESK and copy["role"] == "copy" and not copy["part"]:
            outbox.add(tx, [edit_item(tx, copy)])


def _event(customer: Customer, answer: Row, feedback: str) -> Event:
    data = {name: answer[name] for name in ("message_id", "asked_message_id", "inbox_item_id", "name")}
    kind = EventKind.SMART_REPLY_JUDGED
    return Event(kind, customer.as_actor(), customer.id, data=data | {"feedback": feedback})


def _button(feedback: Feedback, asked_message_id: int) -> dict[str, Any]:
    data = button_data(CustomerVerb.RATE_ANSWER, feedback, asked_message_id)
    return {"key": f"smart.button_{feedback}", "data": data}


def _change_buttons(tx: Tx, customer: Customer, answer: Row, tg_message_id: int | None) -> None:
    """Removes used buttons; after “it helped” the customer may still ask for a person. Changes no message but this
    answer, whatever the press names.
    """
    copy = telegram_messages.find(tx, customer.telegram_id, tg_message_id) if tg_message_id else None
    if copy is None or copy["message_id"] != answer["message_id"]:
        return
    left = [[_button(PERSON, answer["asked_message_id"])]] if answer["feedback"] == HELPED else []
    mark = f"answer_buttons:{answer['message_id']}"
    outbox.withdraw(tx, mark)
    outbox.add(
        tx,
        [
            Outgoing(
                to=customer.address,
                item=Markup(copy["tg_message_id"], left),
                key=f"{mark}:{secrets.token_hex(6)}",
                audience=Audience.CUSTOMER,
                customer_id=customer.id,
                collapse_key=mark,
            )
        ],
    )
