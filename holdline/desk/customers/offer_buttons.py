"""The buttons by which customers choose marketing: under a marketing message, and in /subscriptions."""

from typing import Any

from holdline.dialogs.customer import Customer
from holdline.dialogs.marketing.customer_days import KEEPS_TO_DAYS
from holdline.dialogs.verbs import CustomerVerb, button_data
from holdline.store.conversation import messages
from holdline.store.marketing import topics
from holdline.store.people import customers
from holdline.store.tx import Row, Tx
from holdline.texts import say

OFF, ON, ALL_ON, ONLY_OFF = "off", "on", "all", "only"
"""What a press does to a topic, or to all marketing if the topic is 0. `ALL_ON` also turns on each topic; `ONLY_OFF`
ends the topic and brings back all other marketing.
"""
IN_LIST = "list"
EVERYTHING = 0
SUBSCRIPTIONS = "subscriptions"
AFTER_STOP = "stopped"
"""Names of messages with buttons or words that depend on the moment (desk/customers/buttons.py)."""
IS_TEST = "is_test"
"""In the data of a message: a test of a broadcast, which has no broadcast but looks like one."""
_TOPICS_SHOWN = 20
_TOPICS_AFTER_STOP = 5

_Button = dict[str, Any]
_Extras = tuple[list[str], list[list[_Button]]]


def way_out(tx: Tx, item: Row) -> list[list[_Button]]:
    """The buttons under a message of a funnel or broadcast: to end its topic, or all offers; afterwards, to undo that.
    A tool's message without a topic has only the buttons that its tool gave it.
    """
    if item["class"] not in KEEPS_TO_DAYS or item["customer_id"] is None:
        return []
    if (topic := item["marketing_topic"]) is not None:
        topic_id, choice = topics.find_id(tx, topic), topics.choice(tx, item["customer_id"], topic)
        return [[topic_button(topic_id, topic, wanted=choice is not False)]] if topic_id else []
    if not tx.rules.unsubscribe_button or (item["broadcast_id"] is None and not _is_test(tx, item)):
        return []
    customer = customers.by_id(tx, item["customer_id"])
    return [[_offers_button(customer)]] if customer is not None else []


def _is_test(tx: Tx, item: Row) -> bool:
    message = messages.by_id(tx, item["message_id"]) if item["message_id"] is not None else None
    return message is not None and IS_TEST in message.content.data


def caption_in_sample(tx: Tx, topic: str | None, language: str) -> str | None:
    """The caption of the button that customers get under a broadcast, for its sample; None if they get none."""
    if topic is not None:
        return say("customer.topic_off_button", language, topic=topic)
    return say("customer.offers_off_button", language) if tx.rules.unsubscribe_button else None


def topic_button(topic_id: int, topic: str, *, wanted: bool) -> _Button:
    """The button that ends a wanted topic, or brings back an unwanted one."""
    key = "customer.topic_off_button" if wanted else "customer.topic_on_button"
    data = button_data(CustomerVerb.CHOOSE_OFFERS, OFF if wanted else ON, topic_id)
    return {"key": key, "words": {"topic": topic}, "data": data}


def _offers_button(customer: Customer) -> _Button:
    wanted = customer.opted_out_at is None
    key = "customer.offers_off_button" if wanted else "customer.offers_wanted_button"
    data = button_data(CustomerVerb.CHOOSE_OFFERS, OFF if wanted else ON, EVERYTHING)
    return {"key": key, "data": data}


def subscription_extras(tx: Tx, customer: Customer) -> _Extras:
    """The sentences and buttons of /subscriptions now."""
    if customer.opted_out_at is not None:
        return ["customer.offers_off"], [[_list_button("customer.offers_wanted_button", ON)]]
    listed = topics.list_for_customer(tx, customer.id, limit=_TOPICS_SHOWN)
    rows = [[_topic_row_button(row["id"], row["name"], wanted=row["wanted"])] for row in listed]
    if any(not row["wanted"] for row in listed):
        rows.append([_list_button("customer.offers_all_button", ALL_ON)])
    says = "customer.offers_on" if listed else "customer.offers_on_without_topics"
    return [says], [*rows, [_list_button("customer.offers_off_button", OFF)]]


def stop_extras(tx: Tx, customer: Customer) -> _Extras:
    """After /stop, which has ended everything: buttons that end one topic only, topics that the customer got first."""
    if customer.opted_out_at is None:
        return [], []
    listed = topics.list_for_customer(tx, customer.id, limit=_TOPICS_SHOWN)
    rows = [[_only_button(row["id"], row["name"])] for row in listed if row["wanted"]]
    return (["customer.subscriptions_hint"] if rows else []), rows[:_TOPICS_AFTER_STOP]


def _only_button(topic_id: int, topic: str) -> _Button:
    data = button_data(CustomerVerb.CHOOSE_OFFERS, ONLY_OFF, topic_id, IN_LIST)
    return {"key": "customer.topic_only_button", "words": {"topic": topic}, "data": data}


def _topic_row_button(topic_id: int, topic: str, *, wanted: bool) -> _Button:
    data = button_data(CustomerVerb.CHOOSE_OFFERS, OFF if wanted else ON, topic_id, IN_LIST)
    return {"text": topic_row_caption(topic, wanted=wanted), "data": data}


def topic_row_caption(topic: str, *, wanted: bool) -> str:
    """“✅ news”, or “◻️ news” for a topic that is not wanted."""
    return f"{'✅' if wanted else '◻️'} {topic}"


def _list_button(key: str, change: str) -> _Button:
    return {"key": key, "data": button_data(CustomerVerb.CHOOSE_OFFERS, change, EVERYTHING, IN_LIST)}
