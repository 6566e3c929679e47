"""Customers' commands act; whatever words stand with them reach the desk like any other message."""

from collections.abc import Callable

from holdline.desk.conversation.incoming import customer_wrote
from holdline.desk.customers.buttons import KEEP_OFFERS, STOP_OFFERS
from holdline.desk.customers.customers import (
    customer_asked_help,
    customer_asked_language,
    customer_chose_language,
    customer_started,
    customer_stopped_marketing,
    known,
    notify,
)
from holdline.dialogs.customer import Customer, Sender
from holdline.dialogs.customer_commands import CustomerCommand, customer_command
from holdline.dialogs.message import Content
from holdline.dialogs.text.stop_words import asks_to_stop
from holdline.store.dialogs import dialogs
from holdline.store.people import bots
from holdline.store.tx import Tx
from holdline.texts import LANGUAGES


def receive_from_customer(tx: Tx, *, sender: Sender, content: Content) -> None:
    """Everything that a customer sends: a command of ours, words, or both in one message."""
    command = customer_command(content)
    if command is None or not _is_for_us(tx, command):
        customer_wrote(tx, sender=sender, content=content)
        _ask_whether_offers_end(tx, sender, content)
        return
    if command.has_words:
        customer_wrote(tx, sender=sender, content=content)
    _ACTS[command.name](tx, sender, content, command)


def _is_for_us(tx: Tx, command: CustomerCommand) -> bool:
    return command.addressed is None or bots.is_called(tx, command.addressed)


def _start(tx: Tx, sender: Sender, content: Content, command: CustomerCommand) -> None:
    customer_started(tx, sender=sender, payload=command.argument, content=content)


def _help(tx: Tx, sender: Sender, content: Content, command: CustomerCommand) -> None:
    customer_asked_help(tx, sender=sender, content=content)


def _language(tx: Tx, sender: Sender, content: Content, command: CustomerCommand) -> None:
    if command.argument in LANGUAGES:
        customer_chose_language(tx, sender=sender, language=command.argument)
    else:
        wants_another = bool(command.argument)
        customer_asked_language(tx, sender=sender, content=content, wants_another=wants_another)


def _stop(tx: Tx, sender: Sender, content: Content, command: CustomerCommand) -> None:
    """Alone it ends marketing at once; with words it may be about something else, so the customer is asked."""
    if not command.has_words:
        customer_stopped_marketing(tx, sender=sender, content=content)
        return
    _ask_about_offers(tx, known(tx, sender=sender), content)


def _ask_whether_offers_end(tx: Tx, sender: Sender, content: Content) -> None:
    """A bare "Stop!" may mean offers, which nobody at the desk ends; in an active dialog it means the case."""
    if content.kind != "text" or not asks_to_stop(content.text):
        return
    customer = known(tx, sender=sender)
    if dialogs.active_id(tx, customer.id) is None:
        _ask_about_offers(tx, customer, content)


def _ask_about_offers(tx: Tx, customer: Customer, content: Content) -> None:
    if customer.opted_out_at is None:
        buttons = [[STOP_OFFERS], [KEEP_OFFERS]]
        key = f"stop_asked:{customer.id}:{content.tg_message_id}"
        notify(tx, customer, "customer.stop_asked", key=key, buttons=buttons)


_ACTS: dict[str, Callable[[Tx, Sender, Content, CustomerCommand], None]] = {
    "start": _start,
    "help": _help,
    "language": _language,
    "stop": _stop,
}
