"""The buttons under our own messages to a customer: which there are now, and what a press changes."""

import secrets
from typing import Any

from holdline.desk.customers.offer_buttons import (
    AFTER_STOP,
    SUBSCRIPTIONS,
    stop_extras,
    subscription_extras,
)
from holdline.dialogs.customer import Customer
from holdline.dialogs.outbox.changes import CustomerNoticeEdit
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.verbs import CustomerVerb, button_data
from holdline.store.delivery import outbox, telegram_messages
from holdline.store.dialogs import dialogs
from holdline.store.people import customers
from holdline.store.tx import Tx
from holdline.texts import LANGUAGE_NAMES

Button = dict[str, Any]

WITH_CURRENT_EXTRAS = ("greeting", "help")
"""The standard messages with buttons that depend on the moment; /subscriptions and the message after /stop have them
too.
"""

_OF_OFFERS = {AFTER_STOP: stop_extras, SUBSCRIPTIONS: subscription_extras}

STOP_OFFERS: Button = {
    "key": "customer.stop_offers_button",
    "data": button_data(CustomerVerb.DECIDE_ON_OFFERS, "stop"),
}
KEEP_OFFERS: Button = {
    "key": "customer.keep_offers_button",
    "data": button_data(CustomerVerb.DECIDE_ON_OFFERS, "keep"),
}


def mark_solved_button(dialog_id: int) -> Button:
    return {"key": "customer.solved_button", "data": button_data(CustomerVerb.MARK_SOLVED, dialog_id)}


def language_button(code: str) -> Button:
    return {"text": LANGUAGE_NAMES[code], "data": button_data(CustomerVerb.CHOOSE_LANGUAGE, code)}


def dialog_id_in_question(tx: Tx, customer_id: int) -> int | None:
    """The dialog that the customer still waits in; a pause is not shown to customers."""
    paused = dialogs.list_paused(tx, customer_id, limit=1)
    return dialogs.active_id(tx, customer_id) or (paused[0].id if paused else None)


def current_extras(tx: Tx, customer_id: int, name: str) -> tuple[list[str], list[list[Button]]]:
    """The sentences and buttons that the greeting, the help or /subscriptions (`name`) add now."""
    customer = customers.by_id(tx, customer_id)
    if name in _OF_OFFERS:
        return _OF_OFFERS[name](tx, customer) if customer is not None else ([], [])
    active = dialogs.active_id(tx, customer_id)
    rows = [[mark_solved_button(active)]] if active else []
    if customer is None or customer.opted_out_at is None:
        return [], rows
    back = {"key": "customer.offers_wanted_button", "data": button_data(CustomerVerb.RESUME_OFFERS, name)}
    return ["customer.offers_off"], [*rows, [back]]


def update_pressed_message(
    tx: Tx,
    customer: Customer,
    tg_message_id: int | None,
    sentences: list[str],
    *,
    chosen: Button | None = None,
    buttons: list[list[Button]] | None = None,
    offered: str | None = None,
) -> None:
    """Updates the message of the pressed button to what is true now; without `sentences` it only loses its buttons.
    `chosen`: the button whose caption stays visible. `offered`: it stays a greeting or a help. The data of a press
    may be forged, so only our own notices change: no rating form, and nothing that people have written.
    """
    if tg_message_id is None or not _is_notice(tx, customer.address.chat_id, tg_message_id):
        return
    mark = f"pressed:{customer.telegram_id}:{tg_message_id}"
    now = CustomerNoticeEdit(tg_message_id, sentences, chosen, buttons or [], offered)
    outbox.withdraw(tx, mark)
    outbox.add(tx, [_edit(customer, mark, now)])


def _edit(customer: Customer, mark: str, now: CustomerNoticeEdit) -> Outgoing:
    return Outgoing(
        to=customer.address,
        item=now,
        key=f"{mark}:{secrets.token_hex(6)}",
        customer_id=customer.id,
        collapse_key=mark,
    )


def _is_notice(tx: Tx, chat_id: int, tg_message_id: int) -> bool:
    """Whether the message is a notice. One not recorded yet counts as one: it was pressed before Telegram told us its
    id.
    """
    copy = telegram_messages.find(tx, chat_id, tg_message_id)
    return copy is None or (copy["role"] == "notice" and copy["message_id"] is None)
