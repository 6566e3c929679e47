"""Broadcasts as managers make and move them: each asks for the right, and the card follows."""

from holdline.desk.broadcasts.cards import redraw_cards, show_card
from holdline.desk.broadcasts.creating import BroadcastOrder, create_broadcast, refuse_unsendable_broadcast
from holdline.desk.broadcasts.messages import show_content
from holdline.desk.broadcasts.moves import cancel_broadcast, pause_broadcast, resume_broadcast
from holdline.desk.broadcasts.reading import BroadcastProgress
from holdline.desk.people.managers import require_permission
from holdline.dialogs.address import Address
from holdline.dialogs.broadcasts.broadcast import BroadcastAuthor, BroadcastVerb
from holdline.dialogs.manager import Manager
from holdline.dialogs.rights import Act
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


def show_sample(tx: Tx, *, manager: Manager, order: BroadcastOrder, to: Address, key: str) -> None:
    """The message as a customer of the manager's name would read it, for the manager alone; nobody else gets it."""
    require_permission(tx, manager, Act.SEND_BROADCASTS)
    refuse_unsendable_broadcast(order, at=tx.at)
    show_content(tx, order.content, manager, to, variant=0, key=key)
