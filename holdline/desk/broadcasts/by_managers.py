"""Broadcasts as managers make and move them: each asks for the right, and the card follows."""

from holdline.desk.broadcasts.cards import redraw_cards, show_card
from holdline.desk.broadcasts.changing import delete_sent, edit_broadcast
from holdline.desk.broadcasts.creating import BroadcastOrder, create_broadcast, refuse_unsendable_broadcast
from holdline.desk.broadcasts.messages import show_content
from holdline.desk.broadcasts.moves import cancel_broadcast, pause_broadcast, resume_broadcast
from holdline.desk.broadcasts.reading import BroadcastProgress
from holdline.desk.people.managers import require_permission
from holdline.dialogs.address import Address
from holdline.dialogs.broadcasts.broadcast import (
    Broadcast,
    BroadcastAuthor,
    BroadcastUnchangeable,
    BroadcastVerb,
    refuse_too_old,
)
from holdline.dialogs.manager import Manager
from holdline.dialogs.outbox.marketing import RecipientsFile
from holdline.dialogs.outgoing import Outgoing
from holdline.dialogs.rights import Act
from holdline.dialogs.text.richtext import RichText
from holdline.store.broadcasts import broadcasts
from holdline.store.delivery import outbox
from holdline.store.tx import Tx

_MOVES = {
    BroadcastVerb.PAUSE: pause_broadcast,
    BroadcastVerb.RESUME: resume_broadcast,
    BroadcastVerb.CANCEL: cancel_broadcast,
}


def start_broadcast(
    tx: Tx, *, manager: Manager, order: BroadcastOrder, expected: int, to: Address
) -> BroadcastProgress:
    """It begins at its time; its card stands where it was started."""
    require_permission(tx, manager, Act.SEND_BROADCASTS)
    started = create_broadcast(
        tx, order=order, author=BroadcastAuthor(manager_id=manager.id), expected=expected
    )
    show_card(tx, broadcast_id=started.broadcast.id, to=to, cause="start")
    return started


def move_broadcast(tx: Tx, *, manager: Manager, broadcast_id: int, verb: BroadcastVerb) -> BroadcastProgress:
    """Paused, resumed or cancelled; BroadcastRefused where it is done already."""
    require_permission(tx, manager, Act.SEND_BROADCASTS)
    moved = _MOVES[verb](tx, broadcast_id=broadcast_id)
    redraw_cards(tx, broadcast_id=broadcast_id)
    return moved


def changeable_broadcast(tx: Tx, *, manager: Manager, broadcast_id: int) -> Broadcast:
    """The broadcast, where that manager may still say other words in it or take it back."""
    require_permission(tx, manager, Act.SEND_BROADCASTS)
    broadcast = broadcasts.load(tx, broadcast_id)
    refuse_too_old(broadcast, at=tx.at)
    return broadcast


def change_words(
    tx: Tx, *, manager: Manager, broadcast_id: int, words: RichText, variant: int
) -> BroadcastProgress:
    """Of one variant; the others stay. Whoever has the old ones sees them change."""
    broadcast = changeable_broadcast(tx, manager=manager, broadcast_id=broadcast_id)
    all_words = [each.words for each in broadcast.content.variants]
    all_words[variant] = words
    changed = edit_broadcast(tx, broadcast_id=broadcast_id, words=all_words)
    redraw_cards(tx, broadcast_id=broadcast_id)
    return changed


def take_back(tx: Tx, *, manager: Manager, broadcast_id: int) -> BroadcastProgress:
    """From everybody who got it within 48 hours; who waits never gets it."""
    changeable_broadcast(tx, manager=manager, broadcast_id=broadcast_id)
    changed = delete_sent(tx, broadcast_id=broadcast_id)
    redraw_cards(tx, broadcast_id=broadcast_id)
    return changed


MOST_EXPORTED = 300_000
"""Lines of some 80 bytes: a file of 50 MB is the most that a bot may send."""


def export_recipients(tx: Tx, *, manager: Manager, broadcast_id: int, to: Address, key: str) -> None:
    """As a file, made when it is sent; the same `key` asks once."""
    require_permission(tx, manager, Act.SEND_BROADCASTS)
    if broadcasts.figures_of(tx, broadcasts.load(tx, broadcast_id).id).recipients > MOST_EXPORTED:
        raise BroadcastUnchangeable(broadcast_id, "too_large")
    outbox.add(tx, [Outgoing(to, RecipientsFile(broadcast_id), key)])


def show_sample(tx: Tx, *, manager: Manager, order: BroadcastOrder, to: Address, key: str) -> None:
    """The message as a customer of the manager's name would read it, for the manager alone; nobody else gets it."""
    require_permission(tx, manager, Act.SEND_BROADCASTS)
    refuse_unsendable_broadcast(order, at=tx.at)
    show_content(tx, order.content, manager, to, variant=0, key=key)
