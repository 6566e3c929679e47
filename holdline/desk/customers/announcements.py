"""Messages that tell a customer of their dialog's opening and close, if the desk has turned them on."""

from holdline.desk.customers.customers import send_standard_message
from holdline.dialogs.event import Event
from holdline.store.dialogs import dialogs
from holdline.store.people import customers
from holdline.store.tx import Tx


def announce_opening(tx: Tx, event: Event) -> None:
    if tx.rules.announce_opened:
        _announce(tx, event, "dialog_opened")


def announce_closing(tx: Tx, event: Event) -> None:
    """Tells of the close, but not of a merge: for the customer the case goes on."""
    if tx.rules.announce_closed and not event.data.get("merged_into"):
        _announce(tx, event, "dialog_closed")


def _announce(tx: Tx, event: Event, name: str) -> None:
    dialog, customer = dialogs.of_event(tx, event), customers.of_event(tx, event)
    key = f"{name}:{dialog.id}"
    send_standard_message(tx, customer, name, key=key, dialog_id=dialog.id, title=dialog.title)
