"""Messages to a customer about the opening and the close of their dialog, if the desk has turned them on."""

from holdline.desk.customers.customers import send_standard_message
from holdline.dialogs.event import Event
from holdline.store.dialogs import dialogs
from holdline.store.people import customers
from holdline.store.tx import Tx


def announce_opening(tx: Tx, event: Event) -> None:
    if tx.rules.announce_opened:
        _announce(tx, event, "dialog_opened")


def announce_closing(tx: Tx, event: Event) -> None:
    """Announces the close, but not a merge: for the customer the case continues."""
    if tx.rules.announce_closed and not event.data.get("merged_into"):
        _announce(tx, event, "dialog_closed")


def _announce(tx: Tx, event: Event, name: str) -> None:
    dialog, customer = dialogs.of_event(tx, event), customers.of_event(tx, event)
    key = f"{name}:{dialog.id}"
    send_standard_message(tx, customer, name, key=key, dialog_id=dialog.id, title=dialog.title)
