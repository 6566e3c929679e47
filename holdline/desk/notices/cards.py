"""The cards and topics that show a dialog, after something happened to it."""

from holdline.desk.notices import views
from holdline.dialogs.event import Event
from holdline.store.dialogs import dialogs
from holdline.store.tx import Tx


def refresh_cards_and_names(tx: Tx, event: Event) -> None:
    """Of a dialog whose state is another one: its topics carry the sign of it in their names."""
    views.refresh_cards(tx, dialogs.of_event(tx, event), renamed=True)
