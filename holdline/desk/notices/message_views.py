"""Messages as shown wherever the desk works: customers' messages, replies and notes."""

from holdline.desk.notices import albums, note_views, places
from holdline.desk.notices.inbox_cards import cards_of_message, show_from_beginning
from holdline.desk.notices.recap import mirror_items
from holdline.desk.notices.views import Where, is_shown_in
from holdline.dialogs.dialog import Dialog
from holdline.dialogs.event import Event, InboxArrival
from holdline.dialogs.message import Message
from holdline.dialogs.outgoing import Outgoing
from holdline.store.conversation import notes
from holdline.store.delivery import outbox
from holdline.store.dialogs import dialogs, place_queue
from holdline.store.dialogs import places as place_rows
from holdline.store.tx import Row, Tx
from holdline.telegram.parts import parts_needed


def mirror_customer_message(tx: Tx, event: Event) -> None:
    """Shows it in the places of its dialog; outside any dialog, as a card of its Inbox item."""
    message = _message_of(event)
    if event.before is not None:
        show_in_dialog(tx, message, event.before)
    else:
        assert event.arrival is not None
        _show_in_inbox(tx, message, event.arrival)


def mirror_reply(tx: Tx, event: Event) -> None:
    """Shows it in its dialog, but not where it was written; outside any dialog, to every colleague under the card."""
    message = _message_of(event)
    if event.before is not None:
        show_in_dialog(tx, message, event.before, written_in=event.typed_in)
    elif not places.staff_group(tx):  # in a staff group all see the same card
        for place in places.ensure_for_inbox(tx):
            if event.typed_in is None or place["chat_id"] != event.typed_in[0]:
                _mirror(tx, message, place)


def mirror_note(tx: Tx, event: Event) -> None:
    """Shows the note in the dialog's places, but not where it was typed; shows it once more after an edit. A closed
    dialog gets no new place.
    """
    dialog, note = dialogs.of_event(tx, event), notes.by_id(tx, event.data["note_id"])
    assert note is not None
    is_closed = dialog.state == "closed"
    shown_in = place_rows.of_dialog(tx, dialog.id) if is_closed else places.ensure_for_dialog(tx, dialog)
    for place in shown_in:
        if event.typed_in is None or not is_shown_in(place, event.typed_in):
            note_views.show_note(tx, note, place)


def show_in_dialog(tx: Tx, message: Message, dialog: Dialog, *, written_in: Where | None = None) -> None:
    """Shows it in every place of the dialog, one operation each, but not where it was written."""
    for place in places.ensure_for_dialog(tx, dialog, before=message.id):
        if written_in is None or not is_shown_in(place, written_in):
            _mirror(tx, message, place)


def _show_in_inbox(tx: Tx, message: Message, arrival: InboxArrival) -> None:
    """Shows it in every place of the Inbox; an album follows its card as one."""
    item_id, first = arrival.item_id, arrival.is_first
    is_album = message.content.album_id is not None
    shown_in = places.ensure_for_inbox(tx)
    without_card: set[int] = set() if first else place_queue.list_without_first_card(tx, shown_in, item_id)
    for place in shown_in:
        if place["id"] in without_card:
            show_from_beginning(tx, place, item_id)
            continue
        cards = cards_of_message(message, place, item_id, first=first)
        if first or not is_album:
            outbox.add(tx, cards)
        if is_album:
            _enqueue(tx, cards, message)


def _mirror(tx: Tx, message: Message, place: Row) -> None:
    items = mirror_items(message.id, place, customer_id=message.customer_id, parts=_parts(message))
    _enqueue(tx, items, message)


def _enqueue(tx: Tx, items: list[Outgoing], message: Message) -> None:
    """Adds the items; a part of an album waits for the others."""
    if message.content.album_id is None:
        outbox.add(tx, items)
    else:
        albums.gather(tx, items[0], album_id=message.content.album_id)


def _parts(message: Message) -> int:
    return parts_needed(message.content, has_header=True)


def _message_of(event: Event) -> Message:
    assert event.message is not None
    return event.message
