"""Customers' commands; other words in the same message reach the desk like any message."""

from collections.abc import Callable

from holdline.desk.conversation.incoming import receive_customer_message
from holdline.desk.customers.buttons import KEEP_OFFERS, STOP_OFFERS
from holdline.desk.customers.customers import (
    get_or_create_customer,
    greet_customer,
    notify,
    offer_languages,
    send_help,
    set_customer_language,
    stop_marketing,
)
from holdline.desk.customers.subscriptions import send_subscriptions
from holdline.dialogs.customer import Customer, MessageSender
from holdline.dialogs.customer_commands import CustomerCommand, asks_to_stop, parse_customer_command
from holdline.dialogs.message import Content
from holdline.store.dialogs import dialogs
from holdline.store.people import bots
from holdline.store.tx import Tx
from holdline.texts import LANGUAGES


def dispatch_customer_message(tx: Tx, *, sender: MessageSender, content: Content) -> None:
    """Handles everything that a customer sends: a command, a message, or both in one."""
    command = parse_customer_command(content)
    if command is None or not _is_for_us(tx, command):
        receive_customer_message(tx, sender=sender, content=content)
        _ask_whether_offers_end(tx, sender, content)
        return
    if command.has_words:
        receive_customer_message(tx, sender=sender, content=content)
    _ACTS[command.name](tx, sender, content, command)


def _is_for_us(tx: Tx, command: CustomerCommand) -> bool:
    return command.addressed is None or bots.is_own_username(tx, command.addressed)


def _start(tx: Tx, sender: MessageSender, content: Content, command: CustomerCommand) -> None:
    greet_customer(tx, sender=sender, payload=command.argument, content=content)


def _help(tx: Tx, sender: MessageSender, content: Content, command: CustomerCommand) -> None:
    send_help(tx, sender=sender, content=content)


def _language(tx: Tx, sender: MessageSender, content: Content, command: CustomerCommand) -> None:
    if command.argument in LANGUAGES:
        set_customer_language(tx, sender=sender, language=command.argument)
    else:
        wants_another = bool(command.argument)
        offer_languages(tx, sender=sender, content=content, wants_another=wants_another)


def _subscriptions(tx: Tx, sender: MessageSender, content: Content, command: CustomerCommand) -> None:
    send_subscriptions(tx, sender=sender, content=content)


def _stop(tx: Tx, sender: MessageSender, content: Content, command: CustomerCommand) -> None:
    """Without words it ends marketing at once; with words it may mean something else, so the customer is asked."""
    if not command.has_words:
        stop_marketing(tx, sender=sender, content=content)
        return
    _ask_about_offers(tx, get_or_create_customer(tx, sender=sender), content)


def _ask_whether_offers_end(tx: Tx, sender: MessageSender, content: Content) -> None:
    """Asks after a bare "Stop!": it may mean offers, which nobody at the desk ends. In an active dialog it means the
    case.
    """
    if content.kind != "text" or not asks_to_stop(content.text):
        return
    customer = get_or_create_customer(tx, sender=sender)
    if dialogs.active_id(tx, customer.id) is None:
        _ask_about_offers(tx, customer, content)


def _ask_about_offers(tx: Tx, customer: Customer, content: Content) -> None:
    if customer.opted_out_at is None:
        buttons = [[STOP_OFFERS], [KEEP_OFFERS]]
        key = f"stop_asked:{customer.id}:{content.tg_message_id}"
        notify(tx, customer, "customer.stop_asked", key=key, buttons=buttons)


_ACTS: dict[str, Callable[[Tx, MessageSender, Content, CustomerCommand], None]] = {
    "start": _start,
    "help": _help,
    "language": _language,
    "stop": _stop,
    "subscriptions": _subscriptions,
}
