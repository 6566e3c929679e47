"""The cards and topics that show a dialog, after something happened to it."""

from holdline.desk.notices import places, views
from holdline.dialogs.event import Event
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx


def refresh_dialog_cards(tx: Tx, event: Event) -> None:
    """Of its dialog, whose places stay as they are."""
    views.refresh_cards(tx, dialogs.of_event(tx, event))


def show_changes(tx: Tx, event: Event) -> None:
    """Its cards, its topics' names where the title has changed, and a place for each of an open dialog's people."""
    dialog = dialogs.of_event(tx, event)
    if dialog.state != "closed":
        places.ensure_for_dialog(tx, dialog)
    views.refresh_cards(tx, dialog, renamed="title" in event.data)


def refresh_people(tx: Tx, event: Event) -> None:
    """Wherever a card says who has the dialog and who takes part."""
    views.refresh_people_on_cards(tx, dialogs.of_event(tx, event))


def refresh_reach(tx: Tx, event: Event) -> None:
    """The cards of what is open say whether the customer can be reached."""
    views.refresh_reach_on_cards(tx, event.customer_id)


def refresh_inbox_item(tx: Tx, event: Event) -> None:
    """The buttons of its cards say what became of it."""
    views.refresh_inbox_cards(tx, event.data["inbox_item_id"])


def refresh_returned_item(tx: Tx, event: Event) -> None:
    """An item that was ignored waits again, because its customer wrote."""
    if event.arrival is not None and event.arrival.returns:
        views.refresh_inbox_cards(tx, event.arrival.item_id)


def refresh_cards_and_names(tx: Tx, event: Event) -> None:
    """Of a dialog whose state is another one: its topics carry the sign of it in their names."""
    views.refresh_cards(tx, dialogs.of_event(tx, event), renamed=True)
