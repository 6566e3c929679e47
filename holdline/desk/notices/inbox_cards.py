"""Cards of the Inbox: a customer's messages outside any dialog, in every place that shows the Inbox."""

from collections.abc import Collection
from itertools import groupby

from holdline.desk.notices import albums
from holdline.desk.notices.recap import items_of_message
from holdline.dialogs.address import Address
from holdline.dialogs.message import Message
from holdline.dialogs.outbox.messages import DeskNotice, InboxCard
from holdline.dialogs.outgoing import Outgoing
from holdline.store.conversation import messages
from holdline.store.delivery import outbox
from holdline.store.dialogs import inbox_items
from holdline.store.dialogs.inbox_items import ItemFilter
from holdline.store.tx import Row, Tx
from holdline.telegram.parts import parts_needed

MOST = 20
"""How many items are shown again, those that have waited longest: a group takes only so many operations in a minute."""
LAST_WORDS = 10
"""How many messages of each are shown, besides the first, which carries the buttons."""


def cards_of_message(message: Message, place: Row, item_id: int, *, first: bool) -> list[Outgoing]:
    """A card for each part of the message; an album that begins an item follows its card as one."""
    parts, is_album = parts_needed(message.content, has_header=True), message.content.album_id is not None
    cards = [InboxCard(item_id, first, is_album, part, parts) for part in range(parts)]
    return items_of_message(message.id, place, customer_id=message.customer_id, shown_as=cards)


def show_waiting_cards(tx: Tx, place: Row, *, but: Collection[int] = ()) -> None:
    """Shows in a new place everything that still waits for the desk. `but`: messages that come there anyway."""
    for item in inbox_items.page(tx, ItemFilter(state="new"), limit=MOST):
        said = messages.first_and_last_of_item(tx, item, last=LAST_WORDS)
        _show_item(tx, place, item, [message for message in said if message.id not in but])
    more = inbox_items.count_waiting(tx) - MOST
    if more > 0:
        notice = DeskNotice("desk_notices.more_in_inbox", {"count": more})
        key = f"more_in_inbox:{place['id']}"
        outbox.add(tx, [Outgoing(Address(place["chat_id"]), notice, key, place_id=place["id"])])


def show_from_beginning(tx: Tx, place: Row, item_id: int) -> None:
    """Shows an item in a place that does not have it yet: its card with the buttons, and its last messages including
    the newest.
    """
    item = inbox_items.by_id(tx, item_id)
    _show_item(tx, place, item, messages.first_and_last_of_item(tx, item, last=LAST_WORDS))


def _show_item(tx: Tx, place: Row, item: Row, said: list[Message]) -> None:
    """Shows albums as a whole, other messages one by one."""
    for _, grouped in groupby(said, key=lambda message: message.content.album_id or f"alone:{message.id}"):
        group = list(grouped)
        opening, album_id = group[0], group[0].content.album_id
        first = opening.id == item["first_message_id"]
        cards = cards_of_message(opening, place, item["id"], first=first)
        if first or album_id is None:
            outbox.add(tx, cards)
        if album_id is not None:
            numbers = [message.id for message in group]
            is_newest = group[-1] is said[-1]
            albums.show_whole(tx, cards[0], album_id=album_id, message_ids=numbers, wait=is_newest)
