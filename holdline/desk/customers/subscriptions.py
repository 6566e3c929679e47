"""/subscriptions and the buttons under marketing: a customer chooses which marketing they get."""

import secrets

from holdline.desk.customers.buttons import update_pressed_message
from holdline.desk.customers.customers import get_or_create_customer, notify
from holdline.desk.customers.offer_buttons import (
    ALL_ON,
    EVERYTHING,
    OFF,
    ON,
    ONLY_OFF,
    SUBSCRIPTIONS,
    topic_button,
    topic_row_caption,
)
from holdline.desk.marketing.consent import set_marketing_wanted, set_topic_wanted
from holdline.dialogs.customer import Customer, MessageSender
from holdline.dialogs.gate import MARKETING
from holdline.dialogs.marketing.consent import ConsentBy
from holdline.dialogs.message import Content
from holdline.dialogs.outbox.changes import WayOutEdit
from holdline.dialogs.outgoing import Outgoing
from holdline.store.conversation import messages
from holdline.store.delivery import outbox, telegram_messages
from holdline.store.marketing import topics
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.texts import say

_CAPTIONS = {OFF: "offers_off_button", ON: "offers_wanted_button", ALL_ON: "offers_all_button"}
"""The captions of the buttons for all marketing."""


def send_subscriptions(tx: Tx, *, sender: MessageSender, content: Content) -> None:
    """Sends the list of topics, with a button for each topic and one for all."""
    customer = get_or_create_customer(tx, sender=sender)
    key = f"subscriptions:{customer.id}:{content.tg_message_id}"
    notify(tx, customer, "customer.subscriptions", key=key, offered=SUBSCRIPTIONS)


def choose_offers(
    tx: Tx, *, telegram_id: int, change: str, topic_id: int, tg_message_id: int | None, in_list: bool
) -> str | None:
    """Applies the choice; returns its topic, empty for all marketing, or None if the customer or the topic is unknown.
    The message with the button then shows what holds now.
    """
    customer = customers.load_locked(tx, telegram_id)
    topic = topics.name_of(tx, topic_id) if topic_id != EVERYTHING else ""
    if customer is None or topic is None or change not in (OFF, ON, ALL_ON, *([ONLY_OFF] if topic else [])):
        return None
    wanted = change not in (OFF, ONLY_OFF)
    caption = _caption(customer, change, topic_id, topic, in_list=in_list)
    by = ConsentBy(customer.as_actor(), "button", caption)
    if topic:
        set_topic_wanted(tx, customer, topic, wanted=wanted, by=by)
        if change == ONLY_OFF:  # after the topic, so that nothing of it may be sent
            set_marketing_wanted(tx, customer, wanted=True, by=by)
    else:
        set_marketing_wanted(tx, customer, wanted=wanted, by=by)
        unwanted = [name for name, choice in topics.choices(tx, customer.id).items() if not choice]
        for name in unwanted if change == ALL_ON else ():
            set_topic_wanted(tx, customer, name, wanted=True, by=by)
    if in_list:
        says = ["customer.subscriptions"]
        update_pressed_message(tx, customer, tg_message_id, says, offered=SUBSCRIPTIONS)
    else:
        _show_way_back(tx, customer, tg_message_id)
    return topic


def _caption(customer: Customer, change: str, topic_id: int, topic: str, *, in_list: bool) -> str:
    """The caption of the pressed button, as the customer read it."""
    if change == ONLY_OFF:
        return say("customer.topic_only_button", customer.language, topic=topic)
    if topic and in_list:
        return topic_row_caption(topic, wanted=change == OFF)
    if topic:
        button = topic_button(topic_id, topic, wanted=change == OFF)
        return say(button["key"], customer.language, **button["words"])
    return say(f"customer.{_CAPTIONS[change]}", customer.language)


def _show_way_back(tx: Tx, customer: Customer, tg_message_id: int | None) -> None:
    """Shows the button that undoes the choice, only under our own marketing: the data of a press may be forged."""
    if tg_message_id is None:
        return
    copy = telegram_messages.find(tx, customer.address.chat_id, tg_message_id)
    message = messages.by_id(tx, copy["message_id"]) if copy and copy["message_id"] else None
    if message is None or message.class_ not in MARKETING or message.customer_id != customer.id:
        return
    mark = f"way_out:{customer.telegram_id}:{tg_message_id}"
    outbox.withdraw(tx, mark)
    change = Outgoing(
        to=customer.address,
        item=WayOutEdit(tg_message_id),
        key=f"{mark}:{secrets.token_hex(6)}",
        customer_id=customer.id,
        message_id=message.id,
        collapse_key=mark,
    )
    outbox.add(tx, [change])
